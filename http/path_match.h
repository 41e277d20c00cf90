// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::http {

// Patterns of routes: "/shares/{share}/dicom-web/{resource...}". A piece in braces stands for one
// segment of a path; with three dots, which only the last piece may have, for all that follow, none
// included. Every other piece stands for itself, letter by letter. "/" has no piece.

/// What stood in a path for the pieces in braces. Refers to the pattern, which is a literal.
struct PathMatch {
  std::vector<std::pair<std::string_view, std::string>> named;  ///< in the pattern's order
  std::vector<std::string> rest;                                ///< for "{name...}"

  /// Empty for a name that the pattern does not have.
  std::string_view operator[](std::string_view name) const;
};

/// `nullopt` where `path`, the segments as parse_target() makes them, is another one. `pattern` is
/// a literal and passes is_pattern().
std::optional<PathMatch> match_path(std::string_view pattern, std::span<const std::string> path);

/// To hold a table of routes to its grammar when it is compiled.
constexpr bool is_pattern(std::string_view pattern) {
  if (pattern == "/") return true;
  if (!pattern.starts_with('/')) return false;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const std::string_view piece = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(piece.size());
    const bool is_named = piece.starts_with('{') && piece.ends_with('}');
    const std::string_view name = is_named ? piece.substr(1, piece.size() - 2) : piece;
    const bool takes_all = is_named && name.ends_with("...");
    if (name.empty() || name == "..." || name.find_first_of("{}") != std::string_view::npos ||
        (takes_all && !pattern.empty())) {
      return false;
    }
  }
  return true;
}

}  // namespace sekisho::http
