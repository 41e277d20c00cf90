// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/openid_routes.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/demand.h"
#include "gateway/beginnings.h"
#include "gateway/forms.h"
#include "gateway/sessions.h"
#include "http/cookie.h"

namespace sekisho::gateway {
namespace {

using access::Refusal;
using audit::EventCode;

constexpr std::string_view kTripCookie = "__Host-sekisho-openid";
constexpr std::string_view kNoProvider = "no_identity_provider";
constexpr const char* kOnwards =
    "<!doctype html><html><head><meta charset=\"utf-8\">"
    "<meta http-equiv=\"refresh\" content=\"0; url=/\"><title>Sekisho</title></head>"
    "<body><a href=\"/\">&rarr;</a></body></html>\n";

/// The refusal of a call that nobody may make, or where there is no provider.
std::optional<http::Response> refuse_early(const Call& call) {
  if (!call.is_from_known_network()) return call.refuse(sharing::Denial::foreign_network);
  if (call.ports.provider == nullptr) return call.refuse(kNoProvider);
  return std::nullopt;
}

http::Response unavailable(const Call& call, std::string_view reason) {
  call.record_denial(reason);
  return http::no_room_response();
}

openid::Binding binding_of(const access::RoundTrip& trip) {
  return {trip.state, trip.nonce, trip.verifier};
}

/// What the provider has the browser bring (RFC 6749 §4.1.2, RFC 9207 §2). What else is there is
/// passed over.
struct Brought {
  std::optional<std::string> code;
  std::optional<std::string> state;
  std::optional<std::string> issuer;
  std::optional<std::string> error;
};

/// `nullopt` where something is there twice, or neither a code nor an error, or both.
std::optional<Brought> brought_by(const Call& call) {
  Brought brought;
  const std::pair<std::string_view, std::optional<std::string>*> known[] = {
      {"code", &brought.code},
      {"state", &brought.state},
      {"iss", &brought.issuer},
      {"error", &brought.error}};
  for (const auto& [name, value] : call.query) {
    const auto* const found =
        std::ranges::find(known, name, [](const auto& each) { return each.first; });
    if (found == std::end(known)) continue;
    if (*found->second) return std::nullopt;
    *found->second = value;
  }
  const bool is_one_of_two = brought.code.has_value() != brought.error.has_value();
  if (!brought.state || !is_one_of_two) return std::nullopt;
  return brought;
}

/// The log has whom the provider names, whom nobody here knows: staff may want to.
http::Response refuse(const Call& call, Refusal refusal, const access::Identity& identity) {
  audit::Event event = call.event(EventCode::denial);
  event.detail = access::name(refusal);
  event.actor = identity.subject + " at " + identity.issuer;
  call.ports.denials.record(std::move(event));
  return http::error_response(404);
}

access::Record recorder(const Call& call) {
  return [&call](const access::Person& person) {
    audit::Event event = call.event(EventCode::credential_change, person);
    event.authentication = "openid";
    event.facts["change"] = "identity";
    call.ports.log.append(event);
  };
}

/// The answer to whom the provider has named.
http::Response admit(const Call& call, const access::RoundTrip& trip,
                     const openid::IdToken& token) {
  const openid::Options& options = call.ports.provider->options();
  const access::Identity identity{options.issuer, token.subject};
  const auto level = openid::is_by_two_factors(token, options) ? access::Level::password_totp
                                                               : access::Level::password;
  access::SignIn door(call.ports.access, call.ports.hasher);
  const auto answer = trip.invitation
                          ? door.by_invited_identity(*trip.invitation, identity, level,
                                                     may_come(call), call.now, recorder(call))
                          : door.by_identity(identity, level, may_come(call), call.now);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal, identity);
  door.settle_unnamed(call.peer.source);
  http::Response begun = begin(call, std::get<access::Admitted>(answer));
  if (begun.status != 201) return begun;
  if (trip.invitation) {
    call.tell(std::get<access::Admitted>(answer).person.id, access::Notice::credential_changed);
  }
  // The browser did not show it: another site led it here.
  if (trip.session) call.ports.access.sessions->end(*trip.session);
  http::Response page = http::text_response(200, "text/html; charset=utf-8", kOnwards);
  page.content = http::Content::page;
  page.cookies = {http::SetCookie::forgotten(kTripCookie)};
  std::ranges::move(begun.cookies, std::back_inserter(page.cookies));
  return page;
}

/// Asks the provider what the code is worth. Of a provider that fails nobody is to blame.
http::Response redeem(const Call& call, const openid::Provider::Turn& turn,
                      const access::RoundTrip& trip, const std::string& code) {
  const auto answer =
      call.ports.provider->redeem(turn, code, binding_of(trip), core::Demand(call.request.stop));
  if (const auto* token = std::get_if<openid::IdToken>(&answer)) return admit(call, trip, *token);
  const auto& failure = std::get<openid::Failure>(answer);
  if (failure.of == openid::Failure::Of::answer) return call.refuse(failure.reason);
  access::SignIn(call.ports.access, call.ports.hasher).settle_unnamed(call.peer.source);
  return unavailable(call, failure.reason);
}

}  // namespace

http::Response show_provider(Call& call) {
  if (auto refusal = refuse_early(call)) return *std::move(refusal);
  Json::Value json;
  json["Name"] = call.ports.provider->options().name;
  return json_response(200, json);
}

http::Response go_to_provider(Call& call) {
  if (auto refusal = refuse_early(call)) return *std::move(refusal);
  const auto form = Form::read(call.request, {"Invitation"});
  if (!form) return call.refuse("malformed_form");
  std::optional<core::Sha256> invitation;
  if (form->has("Invitation")) {
    const auto found =
        access::SignIn(call.ports.access, call.ports.hasher)
            .find_invitation(form->text("Invitation"), call.peer.source, may_come(call), call.now);
    if (const auto* refusal = std::get_if<Refusal>(&found)) return refuse(call, *refusal, nullptr);
    invitation = std::get<core::Sha256>(found);
  }
  const auto session = session_of(call.request, call.peer, *call.ports.access.sessions, call.now);
  const auto [trip, cookie] = call.ports.round_trips->begin(
      invitation, session ? std::optional(session->id) : std::nullopt, call.now);
  const auto address = call.ports.provider->address_for(binding_of(trip));
  if (!address) return unavailable(call, "provider_unavailable");
  Json::Value json;
  json["Url"] = *address;
  http::Response response = json_response(200, json);
  response.cookies.push_back(
      http::SetCookie::for_arrivals(kTripCookie, cookie, access::kRoundTripLife));
  return response;
}

http::Response return_from_provider(Call& call) {
  if (auto refusal = refuse_early(call)) return *std::move(refusal);
  const auto brought = brought_by(call);
  if (!brought || call.request.method != http::Method::get) return call.refuse("malformed_return");
  const auto cookie = http::cookie_of(call.request, kTripCookie);
  if (!cookie) return call.refuse("missing_round_trip");
  const auto trip = call.ports.round_trips->resume(*cookie, *brought->state, call.now);
  if (!trip) return call.refuse("stale_round_trip");
  if (!call.ports.provider->is_own_answer(brought->issuer)) {
    return call.refuse("foreign_provider");
  }
  // Counted from here on: what comes before is no guess at anything, and a page of strangers that
  // sends a browser here must not keep its owner out.
  access::SignIn door(call.ports.access, call.ports.hasher);
  if (!door.begin_unnamed(call.peer.source, call.now)) {
    return call.refuse(access::name(Refusal::blocked_site));
  }
  const auto turn = call.ports.provider->enter();
  if (!turn) {
    door.settle_unnamed(call.peer.source);
    return http::no_room_response();
  }
  if (!call.ports.round_trips->end(*trip, call.now)) return call.refuse("stale_round_trip");
  if (brought->error) return call.refuse("provider_refused");
  return redeem(call, *turn, *trip, *brought->code);
}

}  // namespace sekisho::gateway
