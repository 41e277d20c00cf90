// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/backup/manifest.h"

#include <algorithm>
#include <charconv>

#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kFirstLine = "# sekisho backup 1";
constexpr std::string_view kMade = "# made ";
constexpr std::string_view kLog = "# log ";
constexpr std::string_view kEntries = "# entries ";
constexpr std::string_view kBetween = "  ";  // as sha256sum has it

/// Takes the first line off.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// What stands behind the label; empty where the line has another.
std::string_view behind(std::string_view label, std::string_view line) {
  return line.starts_with(label) ? line.substr(label.size()) : std::string_view();
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

bool is_below(const std::filesystem::path& name) {
  return !name.empty() && name.is_relative() && std::ranges::none_of(name, [](const auto& part) {
    return part.empty() || part == "." || part == "..";
  });
}

std::optional<Manifest::File> read_file(std::string_view line) {
  Manifest::File file;
  const std::size_t digits = file.hash.size() * 2;
  if (line.size() <= digits || !line.substr(digits).starts_with(kBetween)) return std::nullopt;
  const auto hash = core::from_hex(line.substr(0, digits));
  file.name = line.substr(digits + kBetween.size());
  if (!hash || hash->size() != file.hash.size() || !is_below(file.name)) return std::nullopt;
  std::ranges::copy(*hash, file.hash.begin());
  return file;
}

}  // namespace

std::string Manifest::text() const {
  std::string text(kFirstLine);
  text += '\n' + std::string(kMade) + core::to_rfc3339(made) + '\n';
  text += std::string(kLog) + origin + '\n';
  text += std::string(kEntries) + std::to_string(entries) + '\n';
  for (const File& file : files) {
    text += core::to_hex(file.hash) + std::string(kBetween) + file.name.string() + '\n';
  }
  return text;
}

std::optional<Manifest> Manifest::parse(std::string_view text) {
  Manifest manifest;
  if (next_line(text) != kFirstLine) return std::nullopt;
  const auto made = core::parse_rfc3339(behind(kMade, next_line(text)));
  manifest.origin = behind(kLog, next_line(text));
  const auto entries = number(behind(kEntries, next_line(text)));
  if (!made || manifest.origin.empty() || !entries) return std::nullopt;
  manifest.made = *made;
  manifest.entries = *entries;
  while (!text.empty()) {
    auto file = read_file(next_line(text));
    if (!file) return std::nullopt;
    manifest.files.push_back(*std::move(file));
  }
  return manifest;
}

}  // namespace sekisho::audit
