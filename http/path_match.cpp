// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/path_match.h"

#include <algorithm>

namespace sekisho::http {
namespace {

constexpr std::string_view kDots = "...";

std::string_view name_in(std::string_view piece) {
  return piece.starts_with('{') ? piece.substr(1, piece.size() - 2) : std::string_view();
}

}  // namespace

std::string_view PathMatch::operator[](std::string_view name) const {
  const auto found =
      std::ranges::find_if(named, [&](const auto& capture) { return capture.first == name; });
  return found == named.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<PathMatch> match_path(std::string_view pattern, std::span<const std::string> path) {
  PathMatch match;
  if (pattern == "/") pattern = {};
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const std::string_view piece = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(piece.size());
    const std::string_view name = name_in(piece);
    if (name.ends_with(kDots)) {
      match.rest.assign(path.begin(), path.end());
      return match;
    }
    if (path.empty()) return std::nullopt;
    const std::string& segment = path.front();
    path = path.subspan(1);
    if (!name.empty()) {
      match.named.emplace_back(name, segment);
    } else if (piece != segment) {
      return std::nullopt;
    }
  }
  if (!path.empty()) return std::nullopt;
  return match;
}

}  // namespace sekisho::http
