// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/routes.h"

#include <utility>

#include "http/path_match.h"

namespace sekisho::dicomweb {
namespace {

core::Uid& place_of(std::string_view name, ShownPath& path) {
  return name == "study" ? path.study : name == "series" ? path.series : path.instance;
}

std::optional<Matched> match(const Route& route, std::span<const std::string> segments) {
  auto found = http::match_path(route.pattern, segments);
  if (!found) return std::nullopt;
  Matched matched{&route, {}, {}, std::move(found->rest)};
  for (auto& [name, text] : found->named) {
    if (name == "frames") {
      matched.frames = std::move(text);
      continue;
    }
    auto uid = core::Uid::parse(text);
    if (!uid) return std::nullopt;
    place_of(name, matched.path) = *std::move(uid);
  }
  return matched;
}

}  // namespace

std::optional<Matched> match_route(std::span<const std::string> path, Verb verb) {
  const Verb row_verb = verb == Verb::head ? Verb::get : verb;
  for (const Route& route : kRoutes) {
    if (route.verb != row_verb) continue;
    if (auto matched = match(route, path)) return matched;
  }
  return std::nullopt;
}

}  // namespace sekisho::dicomweb
