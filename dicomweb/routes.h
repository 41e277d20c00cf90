// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>

#include "dicomweb/answer_bulk_data.h"
#include "dicomweb/answer_frames.h"
#include "dicomweb/answer_instances.h"
#include "dicomweb/answer_metadata.h"
#include "dicomweb/answer_rendered.h"
#include "dicomweb/answer_search.h"
#include "dicomweb/answer_store.h"
#include "dicomweb/route.h"
#include "http/path_match.h"

namespace sekisho::dicomweb {

/// The whole of DICOMweb that we speak, on one screen. What is not listed is 404.
inline constexpr Route kRoutes[] = {
    {Verb::get, "/studies", Level::study, Needed::to_look, answer_search},
    {Verb::get, "/series", Level::series, Needed::to_look, answer_search},
    {Verb::get, "/instances", Level::instance, Needed::to_look, answer_search},
    {Verb::get, "/studies/{study}/series", Level::series, Needed::to_look, answer_search},
    {Verb::get, "/studies/{study}/instances", Level::instance, Needed::to_look, answer_search},
    {Verb::get, "/studies/{study}/series/{series}/instances", Level::instance, Needed::to_look,
     answer_search},

    {Verb::get, "/studies/{study}", Level::study, Needed::to_fetch, answer_instances},
    {Verb::get, "/studies/{study}/series/{series}", Level::series, Needed::to_fetch,
     answer_instances},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}", Level::instance,
     Needed::to_fetch, answer_instances},

    {Verb::get, "/studies/{study}/metadata", Level::study, Needed::to_look, answer_metadata},
    {Verb::get, "/studies/{study}/series/{series}/metadata", Level::series, Needed::to_look,
     answer_metadata},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/metadata", Level::instance,
     Needed::to_look, answer_metadata},

    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}",
     Level::instance, Needed::to_fetch, answer_frames},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/bulkdata/{value...}",
     Level::instance, Needed::to_fetch, answer_bulk_data},

    {Verb::get, "/studies/{study}/rendered", Level::study, Needed::to_look, answer_rendered},
    {Verb::get, "/studies/{study}/series/{series}/rendered", Level::series, Needed::to_look,
     answer_rendered},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/rendered", Level::instance,
     Needed::to_look, answer_rendered},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}/rendered",
     Level::instance, Needed::to_look, answer_rendered},

    {Verb::get, "/studies/{study}/thumbnail", Level::study, Needed::to_look, answer_thumbnail},
    {Verb::get, "/studies/{study}/series/{series}/thumbnail", Level::series, Needed::to_look,
     answer_thumbnail},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/thumbnail", Level::instance,
     Needed::to_look, answer_thumbnail},
    {Verb::get, "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}/thumbnail",
     Level::instance, Needed::to_look, answer_thumbnail},

    {Verb::post, "/studies", Level::study, Needed::to_give_back, answer_store},
    {Verb::post, "/studies/{study}", Level::study, Needed::to_give_back, answer_store},
};
static_assert(std::all_of(std::begin(kRoutes), std::end(kRoutes),
                          [](const Route& route) { return http::is_pattern(route.pattern); }));

/// `nullopt` for a path that no route has, one with something that is no UID included.
std::optional<Matched> match_route(std::span<const std::string> path, Verb verb);

}  // namespace sekisho::dicomweb
