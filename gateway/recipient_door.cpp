// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/recipient_door.h"

#include <algorithm>
#include <utility>

#include "gateway/basic.h"
#include "gateway/sessions.h"
#include "http/credentials.h"
#include "http/target.h"
#include "sharing/client_authorities.h"

namespace sekisho::gateway {

using sharing::Authenticated;
using sharing::Denial;

std::optional<std::string> bearer_of(std::string_view authorization) {
  const auto text = http::credentials_of(authorization, "Bearer");
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

RecipientDoor::RecipientDoor(Ports ports, KnownNetworks& known_networks, std::string public_url,
                             DoorPlate plate, CrossOrigin cross_origin)
    : ports_(std::move(ports)),
      known_networks_(known_networks),
      public_url_(std::move(public_url)),
      plate_(std::move(plate)),
      cross_origin_(std::move(cross_origin)) {}

/// Whose turn it is and no more: who gets something is found out again when it has come.
std::string RecipientDoor::account_of(const http::Request& request, const http::Peer& peer) const {
  const auto identified = identify(request, peer, ports_.clock()).who;
  const auto* who = std::get_if<Authenticated>(&identified);
  return who == nullptr ? std::string() : who->recipient().id.text();
}

http::Response RecipientDoor::answer(const http::Request& request, const http::Peer& peer) {
  if (auto preflight = cross_origin_.preflight(request)) return *std::move(preflight);
  auto admitted = admit(request, peer);
  if (auto* refusal = std::get_if<http::Response>(&admitted)) return std::move(*refusal);
  auto& [route, call] = std::get<Admitted>(admitted);
  return route.answer(call);
}

std::variant<http::BodyAdmission, http::Response> RecipientDoor::admit_body(
    const http::Request& request, const http::Peer& peer, std::uint64_t limit) {
  auto admitted = admit(request, peer);
  if (auto* refusal = std::get_if<http::Response>(&admitted)) return std::move(*refusal);
  auto& [route, call] = std::get<Admitted>(admitted);
  if (route.judge_body == nullptr) return http::error_response(404);
  if (auto refusal = route.judge_body(call)) return *std::move(refusal);
  return http::BodyAdmission{
      std::min(limit, route.body_bytes),
      call.who ? call.who->recipient().id.text() : core::Network::site_of(peer.source).text()};
}

sharing::VouchingFor RecipientDoor::vouching_for(const http::Peer& peer) const {
  if (ports_.authorities == nullptr || !peer.chain) return {};
  return [authorities = ports_.authorities, chain = peer.chain](core::Time now) {
    return authorities->judge(*chain, now);
  };
}

RecipientDoor::Identified RecipientDoor::identify(const http::Request& request,
                                                  const http::Peer& peer, core::Time now) const {
  sharing::Presented presented{peer.source, peer.certificate,
                               bearer_of(request.field("authorization")), std::nullopt,
                               vouching_for(peer)};
  auto session = session_of(request, peer, *ports_.access.sessions, now);
  if (session) presented.signed_in = signed_in_by(request, *session, ports_);
  if (!presented.signed_in) session.reset();
  if (const auto basic = basic_of(request.field("authorization"))) {
    auto found = gateway::signed_in_by(*basic, ports_, now);
    if (const auto* denial = std::get_if<Denial>(&found)) return {*denial, std::nullopt};
    presented.signed_in = std::get<sharing::SignedIn>(std::move(found));
  }
  return {sharing::authenticate(presented, ports_.recipients, ports_.shares, now),
          std::move(session)};
}

std::optional<http::Response> RecipientDoor::refuse_caller(const Route& route, Call& call) const {
  if (route.caller == Caller::anybody || route.caller == Caller::identified) return std::nullopt;
  if (!call.session) return call.refuse("no_session");
  if (route.caller == Caller::session) return std::nullopt;
  if (call.session->person) call.person = ports_.access.people->find(*call.session->person);
  if (!call.person) return call.refuse("no_person");
  if (route.caller == Caller::owner && call.person->passkeys > 0 &&
      call.session->level < access::Level::password_totp) {
    return call.refuse(Denial::weak_assurance);
  }
  return std::nullopt;
}

/// Who asks is found out before it is said that there is nothing: strangers learn of no route that
/// is not theirs, and all that they try is on record.
std::variant<RecipientDoor::Admitted, http::Response> RecipientDoor::admit(
    const http::Request& request, const http::Peer& peer) {
  if (ports_.may_serve && !ports_.may_serve()) return http::error_response(503);
  auto target = http::parse_target(request.target);
  Found found = target ? find_route(request.method, target->path) : Found();
  Call call{ports_, known_networks_,       public_url_,   plate_, request, peer,
            {},     std::move(found.path), ports_.clock()};
  if (target) call.query = std::move(target->query);
  if (found.route != nullptr && found.route->caller == Caller::visitor) {
    if (!call.is_from_known_network()) return call.refuse(Denial::foreign_network);
    return Admitted{*found.route, std::move(call)};
  }
  const bool is_for_anybody = found.route != nullptr && found.route->caller == Caller::anybody;
  if (!is_for_anybody) {
    auto identified = identify(request, peer, call.now);
    if (const auto* denial = std::get_if<Denial>(&identified.who)) return call.refuse(*denial);
    call.who = std::get<Authenticated>(std::move(identified.who));
    call.session = std::move(identified.session);
  }
  const bool changes =
      request.method == http::Method::post || request.method == http::Method::erase;
  // A browser brings the cookie whoever sends it, and a sign-in gives it one.
  const bool has_or_gets_cookie = call.session || is_for_anybody;
  const bool may_come = found.route != nullptr && found.route->from == From::any_page
                            ? is_arrival(request)
                            : !is_from_another_page(request);
  if (has_or_gets_cookie && (!may_come || (changes && !is_from_our_page(request)))) {
    return call.refuse(Denial::foreign_page);
  }
  if (found.route == nullptr) return http::error_response(404);
  if (auto refusal = refuse_caller(*found.route, call)) return *std::move(refusal);
  const bool is_noted = found.route->use == Use::noted;
  if (call.session && is_noted && call.now - call.session->used_at >= access::kNotedEvery) {
    ports_.access.sessions->note_use(call.session->id, call.now);
  }
  return Admitted{*found.route, std::move(call)};
}

}  // namespace sekisho::gateway
