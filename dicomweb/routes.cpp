// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/routes.h"

namespace sekisho::dicomweb {
namespace {

/// Where the UID that stands for `piece` goes; null for a literal piece.
core::Uid* place_of(std::string_view piece, ShownPath& path) {
  if (piece == "{study}") return &path.study;
  if (piece == "{series}") return &path.series;
  if (piece == "{instance}") return &path.instance;
  return nullptr;
}

std::optional<ShownPath> match(std::string_view pattern, std::span<const std::string> segments) {
  ShownPath path;
  for (const std::string& segment : segments) {
    if (pattern.empty()) return std::nullopt;
    pattern.remove_prefix(1);  // the slash
    const std::string_view piece = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(piece.size());
    if (core::Uid* place = place_of(piece, path)) {
      auto uid = core::Uid::parse(segment);
      if (!uid) return std::nullopt;
      *place = std::move(*uid);
    } else if (piece != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty()) return std::nullopt;
  return path;
}

}  // namespace

std::optional<Matched> match_route(std::span<const std::string> path, Verb verb) {
  for (const Route& route : kRoutes) {
    if ((route.action == Action::store) != (verb == Verb::post)) continue;
    if (auto shown = match(route.pattern, path)) return Matched{&route, std::move(*shown)};
  }
  return std::nullopt;
}

}  // namespace sekisho::dicomweb
