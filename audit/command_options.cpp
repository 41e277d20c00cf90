// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command_options.h"

#include <algorithm>

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

}  // namespace sekisho::audit
