// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/staff_api.h"

#include <algorithm>
#include <optional>

#include "plugin/staff_guard.h"
#include "plugin/staff_routes.h"

namespace sekisho::plugin {
namespace {

/// A share of 1000 instances is 70 KB.
constexpr std::size_t kLargestBody = std::size_t{1} << 20;

std::string_view name(StaffVerb verb) {
  switch (verb) {
    case StaffVerb::get:
      return "GET";
    case StaffVerb::post:
      return "POST";
    case StaffVerb::put:
      return "PUT";
    case StaffVerb::erase:
      return "DELETE";
  }
  return {};
}

/// Takes what stands before the next `separator` off the front of `rest`.
std::string_view take_segment(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return segment;
}

/// What stands for the braces of `pattern`, `nullopt` where the path is another one.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  // A trailing slash would vanish below: it is another path.
  if (path.ends_with('/')) return std::nullopt;
  std::vector<std::string> ids;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = take_segment(pattern, '/');
    const std::string_view found = take_segment(path, '/');
    if (expected.starts_with('{')) {
      ids.emplace_back(found);
    } else if (expected != found) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return ids;
}

bool knows(const StaffRoute& route, std::string_view query_name) {
  std::string_view names = route.query;
  while (!names.empty()) {
    if (take_segment(names, ' ') == query_name) return true;
  }
  return false;
}

/// Everything wrong with the query, beside what the handler finds.
RequestProblems take_query(const StaffRoute& route, const StaffRequest& request, StaffCall& call) {
  RequestProblems problems;
  for (const auto& [key, value] : request.query) {
    if (!knows(route, key)) {
      problems.push_back("A parameter of the query is not known here; known are: " +
                         (route.query.empty() ? "none" : std::string(route.query)) + '.');
    } else if (!call.query.emplace(key, value).second) {
      problems.push_back('"' + key + "\" stands in the query twice.");
    }
  }
  return problems;
}

StaffReply dispatch(const StaffRoute& route, const StaffRequest& request, StaffCall call) {
  if (const auto problems = take_query(route, request, call); !problems.empty()) {
    return invalid(problems);
  }
  call.body = Json::objectValue;
  if (route.verb == StaffVerb::post || route.verb == StaffVerb::put) {
    if (request.body.size() > kLargestBody) {
      return refused(413, "The body is larger than " + std::to_string(kLargestBody) + " bytes.");
    }
    auto body = parse_json_object(request.body.empty() ? "{}" : request.body);
    if (const auto* problem = std::get_if<Unreadable>(&body)) {
      return refused(400, "The body must be one JSON object.", {"The body " + problem->why + '.'});
    }
    call.body = std::get<Json::Value>(std::move(body));
  }
  return route.answer(call);
}

}  // namespace

StaffReply StaffApi::answer(const StaffRequest& request) const {
  if (auto refusal = refuse_other_sites(request)) return *std::move(refusal);
  std::string allow;
  for (const StaffRoute& route : kStaffRoutes) {
    auto ids = match(route.path, request.path);
    if (!ids) continue;
    if (route.verb == request.verb) {
      return dispatch(route, request,
                      {ports_, std::move(*ids), {}, {}, request.actor, ports_.clock()});
    }
    allow.append(allow.empty() ? "" : ", ").append(name(route.verb));
  }
  if (allow.empty()) return refused(404, "The staff API has no such path.");
  StaffReply reply = refused(405, "The path has no such method.", {"It has: " + allow + "."});
  reply.allow = allow;
  return reply;
}

StaffReply StaffApi::show_log_file(const StaffRequest& request) const {
  if (auto refusal = refuse_other_sites(request)) return *std::move(refusal);
  if (request.verb != StaffVerb::get) {
    StaffReply reply = refused(405, "The path has no such method.", {"It has: GET."});
    reply.allow = "GET";
    return reply;
  }
  if (!request.query.empty()) {
    return invalid({"A parameter of the query is not known here; known are: none."});
  }
  const StaffCall call{ports_, {}, {}, Json::objectValue, request.actor, ports_.clock()};
  std::string_view path = request.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  return plugin::show_log_file(call, path);
}

StaffReply show_status(const StaffCall& call) { return {200, call.ports.status()}; }

}  // namespace sekisho::plugin
