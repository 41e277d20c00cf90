// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/position_file.h"

#include <charconv>
#include <optional>
#include <system_error>

#include "audit/error.h"
#include "core/replace_file.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kLongestPosition = 4096;
constexpr std::string_view kLabel = "sekisho-audit-position 1 ";

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

PositionFile::PositionFile(std::filesystem::path file, std::string origin)
    : file_(std::move(file)), origin_(std::move(origin)) {}

std::optional<std::string> PositionFile::read() const {
  try {
    const auto content = core::read_whole_file(file_, kLongestPosition);
    if (!content) return std::nullopt;
    return std::string(core::as_text(content->view()));
  } catch (const std::system_error& error) {
    throw AuditError(error.what());
  }
}

std::uint64_t PositionFile::load() const {
  const auto content = read();
  if (!content) return 0;
  const std::string_view text = std::string_view(*content).substr(0, content->find('\n'));
  const std::size_t space = text.rfind(' ');
  const bool labelled = text.starts_with(kLabel) && space >= kLabel.size();
  const auto next = labelled ? whole_number(text.substr(space + 1)) : std::nullopt;
  if (!next) {
    throw AuditError(file_.filename().string() +
                     " is not what was written there: remove it to have everything sent again");
  }
  const bool ours = text.substr(kLabel.size(), space - kLabel.size()) == origin_;
  return ours ? *next : 0;
}

void PositionFile::store(std::uint64_t next) const {
  try {
    core::replace_file(file_, std::string(kLabel) + origin_ + ' ' + std::to_string(next) + '\n');
  } catch (const std::system_error& error) {
    throw AuditError(error.what());
  }
}

}  // namespace sekisho::audit
