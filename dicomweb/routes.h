// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dicomweb/attributes.h"
#include "dicomweb/request.h"
#include "disclosure/shown_path.h"

namespace sekisho::dicomweb {

using disclosure::ShownPath;

enum class Action { search, retrieve, metadata, store };

/// One kind of resource. What is stored is posted, everything else is got. `{study}`, `{series}`
/// and `{instance}` stand for a UID each (http/path_match.h).
struct Route {
  std::string_view pattern;
  Action action;
  Level level;  ///< of what is searched for or retrieved
};

/// The whole of DICOMweb that we speak, on one screen. What is not listed is 404.
inline constexpr Route kRoutes[] = {
    {"/studies", Action::search, Level::study},
    {"/series", Action::search, Level::series},
    {"/instances", Action::search, Level::instance},
    {"/studies/{study}/series", Action::search, Level::series},
    {"/studies/{study}/instances", Action::search, Level::instance},
    {"/studies/{study}/series/{series}/instances", Action::search, Level::instance},
    {"/studies/{study}", Action::retrieve, Level::study},
    {"/studies/{study}/series/{series}", Action::retrieve, Level::series},
    {"/studies/{study}/series/{series}/instances/{instance}", Action::retrieve, Level::instance},
    {"/studies/{study}/metadata", Action::metadata, Level::study},
    {"/studies/{study}/series/{series}/metadata", Action::metadata, Level::series},
    {"/studies/{study}/series/{series}/instances/{instance}/metadata", Action::metadata,
     Level::instance},
    {"/studies", Action::store, Level::study},
    {"/studies/{study}", Action::store, Level::study},
};

struct Matched {
  const Route* route = nullptr;
  ShownPath path;
};

/// `nullopt` for a path that no route has, one with something that is no UID included.
std::optional<Matched> match_route(std::span<const std::string> path, Verb verb);

}  // namespace sekisho::dicomweb
