// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/api.h"

#include <algorithm>
#include <optional>

#include "core/demand.h"
#include "core/digest.h"
#include "core/encoding.h"
#include "staff/guard.h"
#include "staff/looks.h"
#include "staff/routes.h"

namespace sekisho::staff {
namespace {

/// A share of 1000 instances is 70 KB.
constexpr std::size_t kLargestBody = std::size_t{1} << 20;

std::string_view name(Verb verb) {
  switch (verb) {
    case Verb::get:
      return "GET";
    case Verb::post:
      return "POST";
    case Verb::put:
      return "PUT";
    case Verb::erase:
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

bool knows(const Route& route, std::string_view query_name) {
  std::string_view names = route.query;
  while (!names.empty()) {
    if (take_segment(names, ' ') == query_name) return true;
  }
  return false;
}

/// Everything wrong with the query, beside what the handler finds.
RequestProblems take_query(const Route& route, const Request& request, Call& call) {
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

constexpr std::size_t kLongestIdempotencyKey = 255;

bool is_idempotency_key(std::string_view text) {
  return text.size() <= kLongestIdempotencyKey &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

/// A body counts as the same however it is laid out.
sharing::CreationKey creation_key_of(const Request& request, const Call& call) {
  constexpr core::Byte kEnd[] = {0};
  const std::string body = to_text(call.body);
  return {core::sha256(
              {core::as_bytes(request.caller.name), kEnd, core::as_bytes(request.idempotency_key)}),
          core::sha256({core::as_bytes(request.path), kEnd, core::as_bytes(body)}), call.now};
}

/// What the same call has made before.
std::optional<Reply> made_before(const Route& route, const Call& call) {
  const auto creation = call.ports.recipients.find_creation(*call.creation_key);
  if (!creation) return std::nullopt;
  if (creation->request != call.creation_key->request) {
    return refused(422, "The Idempotency-Key has been used for another call.",
                   {"A key is for one call and its repetitions within 24 hours."});
  }
  return route.show_made(call, creation->made);
}

Reply answer(const Route& route, const Request& request, Call& call) {
  if (route.show_made == nullptr || request.idempotency_key.empty()) return route.answer(call);
  if (!is_idempotency_key(request.idempotency_key)) {
    return refused(400, "The Idempotency-Key must be 1 to 255 visible characters of ASCII.");
  }
  call.creation_key = creation_key_of(request, call);
  if (auto reply = made_before(route, call)) return *std::move(reply);
  return route.answer(call);
}

/// RFC 9110 §13.1.2: the tags are compared weakly, that is without regard to "W/".
bool lists(std::string_view tags, std::string_view tag) {
  while (!tags.empty()) {
    std::string_view listed = take_segment(tags, ',');
    while (listed.starts_with(' ') || listed.starts_with('\t')) listed.remove_prefix(1);
    while (listed.ends_with(' ') || listed.ends_with('\t')) listed.remove_suffix(1);
    if (listed.starts_with("W/")) listed.remove_prefix(2);
    if (listed == tag || listed == "*") return true;
  }
  return false;
}

/// A program that asks again and again is told in a few bytes that nothing has changed.
Reply tagged(Reply reply, const Request& request) {
  if (request.verb != Verb::get || reply.status != 200) return reply;
  const core::Sha256 hash = core::sha256(core::as_bytes(reply.body));
  reply.tag = '"' + core::to_hex(hash).substr(0, 32) + '"';
  if (lists(request.if_none_match, reply.tag)) {
    reply.status = 304;
    reply.body.clear();
  }
  return reply;
}

Reply dispatch(const Route& route, const Request& request, Call call) {
  if (const auto problems = take_query(route, request, call); !problems.empty()) {
    return invalid(problems);
  }
  call.body = Json::objectValue;
  if (route.verb == Verb::post || route.verb == Verb::put) {
    if (request.body.size() > kLargestBody) {
      return refused(413, "The body is larger than " + std::to_string(kLargestBody) + " bytes.");
    }
    auto body = parse_json_object(request.body.empty() ? "{}" : request.body);
    if (const auto* problem = std::get_if<Unreadable>(&body)) {
      return refused(400, "The body must be one JSON object.", {"The body " + problem->why + '.'});
    }
    call.body = std::get<Json::Value>(std::move(body));
  }
  try {
    return tagged(answer(route, request, call), request);
  } catch (const core::DemandOver&) {
    if (!request.stop.stop_requested()) return given_up();
    return refused(503, "Orthanc is stopping.", {"Nothing was changed; call again."});
  }
}

/// Refused for what the caller is, which goes on record before the answer leaves. `what` is asked
/// for, by a constant.
std::optional<Reply> refuse_other_roles(const Ports& ports, Roles allowed, const Request& request,
                                        const std::string& what) {
  const Caller& caller = request.caller;
  if (allowed.meets(caller.roles)) return std::nullopt;
  audit::Event event;
  event.authentication = caller.name.empty() ? "none" : "staff";
  event.actor = caller.name;
  event.source = caller.source;
  event.detail = refusal_of(caller);
  event.facts["call"] = what;
  ports.denials.record(std::move(event));
  return refuse(caller, allowed);
}

}  // namespace

Reply Api::answer(const Request& request) const {
  if (auto refusal = refuse_other_sites(request)) return *std::move(refusal);
  std::string allow;
  for (const Route& route : kRoutes) {
    auto ids = match(route.path, request.path);
    if (!ids) continue;
    if (route.verb == request.verb) {
      if (auto refusal =
              refuse_other_roles(ports_, route.roles, request,
                                 std::string(name(route.verb)) + ' ' + std::string(route.path))) {
        return *std::move(refusal);
      }
      return dispatch(route, request,
                      {ports_,
                       std::move(*ids),
                       {},
                       {},
                       request.caller.name,
                       ports_.clock(),
                       {},
                       core::Demand(request.stop),
                       request.look_name,
                       request.caller.roles});
    }
    if (allow.find(name(route.verb)) != std::string::npos) continue;
    allow.append(allow.empty() ? "" : ", ").append(name(route.verb));
  }
  if (allow.empty()) return refused(404, "The staff API has no such path.");
  Reply reply = refused(405, "The path has no such method.", {"It has: " + allow + "."});
  reply.allow = allow;
  return reply;
}

Reply Api::show_log_file(const Request& request) const {
  if (auto refusal = refuse_other_sites(request)) return *std::move(refusal);
  if (auto refusal = refuse_other_roles(ports_, kReadersOfTheLog, request, "GET the log")) {
    return *std::move(refusal);
  }
  if (request.verb != Verb::get) {
    Reply reply = refused(405, "The path has no such method.", {"It has: GET."});
    reply.allow = "GET";
    return reply;
  }
  if (!request.query.empty()) {
    return invalid({"A parameter of the query is not known here; known are: none."});
  }
  const Call call{ports_, {}, {}, Json::objectValue, request.caller.name, ports_.clock()};
  std::string_view path = request.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  return staff::show_log_file(call, path);
}

std::optional<Reply> Api::refuse_page(const Request& request) const {
  return refuse_other_roles(ports_, kReadersOfPages, request, "GET a page");
}

}  // namespace sekisho::staff
