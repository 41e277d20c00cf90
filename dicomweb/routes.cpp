// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/routes.h"

#include "http/path_match.h"

namespace sekisho::dicomweb {
namespace {

core::Uid& place_of(std::string_view name, ShownPath& path) {
  return name == "study" ? path.study : name == "series" ? path.series : path.instance;
}

std::optional<ShownPath> match(std::string_view pattern, std::span<const std::string> segments) {
  const auto found = http::match_path(pattern, segments);
  if (!found) return std::nullopt;
  ShownPath path;
  for (const auto& [name, text] : found->named) {
    auto uid = core::Uid::parse(text);
    if (!uid) return std::nullopt;
    place_of(name, path) = *std::move(uid);
  }
  return path;
}

}  // namespace

std::optional<Matched> match_route(std::span<const std::string> path, Verb verb) {
  const Verb row_verb = verb == Verb::head ? Verb::get : verb;
  for (const Route& route : kRoutes) {
    if (route.verb != row_verb) continue;
    if (const auto shown = match(route.pattern, path)) return Matched{&route, *shown};
  }
  return std::nullopt;
}

}  // namespace sekisho::dicomweb
