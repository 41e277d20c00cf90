// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/command_options.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "audit/entry/canonical_json.h"
#include "audit/place.h"

namespace sekisho::audit {

Options::Options(std::span<const std::string_view> arguments,
                 std::span<const std::string_view> valued,
                 std::span<const std::string_view> flags) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    const bool is_flag = std::find(flags.begin(), flags.end(), name) != flags.end();
    const bool is_valued = std::find(valued.begin(), valued.end(), name) != valued.end();
    if (!is_flag && !is_valued) throw UsageError("unknown: " + std::string(name));
    if (is_valued && ++i == arguments.size()) {
      throw UsageError(std::string(name) + " wants a value");
    }
    if (!values_.emplace(name, is_valued ? arguments[i] : "").second) {
      throw UsageError(std::string(name) + " is there twice");
    }
  }
}

std::optional<std::string> Options::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return std::string(found->second);
}

std::string Options::get(std::string_view name) const {
  const auto value = find(name);
  if (!value) throw UsageError(std::string(name) + " is missing");
  return *value;
}

std::optional<std::uint64_t> Options::find_number(std::string_view name) const {
  const auto text = find(name);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec != std::errc{} || read.ptr != text->data() + text->size() ||
      number > kMaxJsonNumber) {
    throw UsageError(std::string(name) + " wants a number");
  }
  return number;
}

std::string read_first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw AuditError("cannot read the key " + file.string());
  return line;
}

std::string read_whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw AuditError("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A verifier key has plus signs around its hash; a file's name may be anything else.
std::string key_line(const Options& options, const std::filesystem::path& file) {
  const auto given = options.find("--key");
  if (!given) return read_first_line(file);
  return std::filesystem::exists(*given) ? read_first_line(*given) : *given;
}

}  // namespace sekisho::audit
