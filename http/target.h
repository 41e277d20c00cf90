// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::http {

/// Takes a request target apart: path segments (empty ones and "." dropped, ".." refused) and
/// query. `nullopt` for a bad percent-escape, a NUL, or ".." anywhere.
struct Target {
  std::vector<std::string> path;
  std::vector<std::pair<std::string, std::string>> query;
};
std::optional<Target> parse_target(std::string_view target);

}  // namespace sekisho::http
