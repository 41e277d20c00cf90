// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/recipient_door.h"

#include <algorithm>
#include <utility>

#include "http/characters.h"
#include "http/target.h"

namespace sekisho::gateway {

using sharing::Authenticated;
using sharing::Denial;

std::optional<std::string> bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer";
  if (authorization.size() <= kScheme.size() || authorization[kScheme.size()] != ' ' ||
      !http::equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return std::string(authorization);
}

RecipientDoor::RecipientDoor(Ports ports, std::string public_url, CrossOrigin cross_origin)
    : ports_(std::move(ports)),
      public_url_(std::move(public_url)),
      cross_origin_(std::move(cross_origin)) {}

/// Whose turn it is and no more: who gets something is found out again when it has come.
std::string RecipientDoor::account_of(const http::Request& request, const http::Peer& peer) const {
  const auto identified = authenticate(request, peer, ports_.clock());
  const auto* who = std::get_if<Authenticated>(&identified);
  return who == nullptr ? std::string() : who->recipient().id.text();
}

http::Response RecipientDoor::answer(const http::Request& request, const http::Peer& peer) {
  if (auto preflight = cross_origin_.preflight(request)) return *std::move(preflight);
  http::Response response = find_answer(request, peer);
  cross_origin_.open(response, request);
  return response;
}

std::variant<http::BodyAdmission, http::Response> RecipientDoor::admit_body(
    const http::Request& request, const http::Peer& peer, std::uint64_t limit) {
  auto admission = find_admission(request, peer, limit);
  if (auto* refusal = std::get_if<http::Response>(&admission)) {
    cross_origin_.open(*refusal, request);
  }
  return admission;
}

http::Response RecipientDoor::find_answer(const http::Request& request, const http::Peer& peer) {
  auto admitted = admit(request, peer);
  if (auto* refusal = std::get_if<http::Response>(&admitted)) return std::move(*refusal);
  auto& [route, call] = std::get<Admitted>(admitted);
  return route.answer(call);
}

std::variant<http::BodyAdmission, http::Response> RecipientDoor::find_admission(
    const http::Request& request, const http::Peer& peer, std::uint64_t limit) {
  auto admitted = admit(request, peer);
  if (auto* refusal = std::get_if<http::Response>(&admitted)) return std::move(*refusal);
  auto& [route, call] = std::get<Admitted>(admitted);
  if (route.judge_body == nullptr || !call.who) return http::error_response(404);
  if (auto refusal = route.judge_body(call)) return *std::move(refusal);
  return http::BodyAdmission{limit, call.who->recipient().id.text()};
}

std::variant<Authenticated, Denial> RecipientDoor::authenticate(const http::Request& request,
                                                                const http::Peer& peer,
                                                                core::Time now) const {
  return sharing::authenticate(
      {peer.source, peer.certificate, bearer_of(request.field("authorization"))}, ports_.recipients,
      ports_.shares, now);
}

/// Who asks is found out before it is said that there is nothing: strangers learn of no route that
/// is not theirs, and all that they try is on record.
std::variant<RecipientDoor::Admitted, http::Response> RecipientDoor::admit(
    const http::Request& request, const http::Peer& peer) {
  if (ports_.may_serve && !ports_.may_serve()) return http::error_response(503);
  auto target = http::parse_target(request.target);
  Found found = target ? find_route(request.method, target->path) : Found();
  Call call{ports_, public_url_, request, peer, {}, std::move(found.path), ports_.clock(), {}};
  if (target) call.query = std::move(target->query);
  if (found.route == nullptr || found.route->caller == Caller::identified) {
    auto identified = authenticate(request, peer, call.now);
    if (const auto* denial = std::get_if<Denial>(&identified)) return call.refuse(*denial);
    call.who = std::get<Authenticated>(std::move(identified));
  }
  if (found.route == nullptr) return http::error_response(404);
  return Admitted{*found.route, std::move(call)};
}

}  // namespace sekisho::gateway
