// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/call.h"
#include "gateway/dicomweb_roots.h"
#include "gateway/log_roots.h"
#include "http/path_match.h"

namespace sekisho::gateway {

enum class Caller {
  anybody,     ///< who shows no credential too
  identified,  ///< sharing::authenticate() knows them; whoever else asks is refused, on record
};

/// One resource of the door and one thing that can be done to it.
struct Route {
  http::Method method;  ///< get: HEAD too (RFC 9110 §9.3.2)
  std::string_view pattern;
  Caller caller;
  http::Response (*answer)(Call&);
  /// Before a body is read; null where none is taken.
  std::optional<http::Response> (*judge_body)(Call&) = nullptr;
};

/// The whole recipient door on one screen. What is not listed is 404.
inline constexpr Route kRoutes[] = {
    {http::Method::get, "/dicom-web/{resource...}", Caller::identified, answer_for_recipient},
    {http::Method::post, "/dicom-web/{resource...}", Caller::identified, answer_for_recipient,
     judge_body_for_recipient},
    {http::Method::get, "/shares/{share}/dicom-web/{resource...}", Caller::identified,
     answer_for_share},
    {http::Method::post, "/shares/{share}/dicom-web/{resource...}", Caller::identified,
     answer_for_share, judge_body_for_share},
    {http::Method::options, "/dicom-web/{resource...}", Caller::identified, tell_methods},
    {http::Method::options, "/shares/{share}/dicom-web/{resource...}", Caller::identified,
     tell_methods},
    {http::Method::get, "/receipts/{log}/{more...}", Caller::identified, show_receipt},
    {http::Method::get, "/audit/{file...}", Caller::identified, show_log_file},
};
static_assert(std::all_of(std::begin(kRoutes), std::end(kRoutes),
                          [](const Route& route) { return http::is_pattern(route.pattern); }));

struct Found {
  const Route* route = nullptr;  ///< null: no such path, or nothing that this method does to it
  http::PathMatch path;          ///< of a row with this path, whatever its method
};

/// `path` as http::parse_target() makes it.
Found find_route(http::Method method, std::span<const std::string> path);

}  // namespace sekisho::gateway
