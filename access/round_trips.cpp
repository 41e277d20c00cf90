// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/round_trips.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/encoding.h"
#include "core/json_body.h"

namespace sekisho::access {
namespace {

constexpr std::string_view kUse = "sekisho round trip";
constexpr std::size_t kLongestCookie = 2048;
constexpr std::size_t kDrawnBytes = 32;

/// 256 random bits in 43 characters, which RFC 7636 §4.1 takes for a verifier.
std::string drawn() { return core::to_base64url(core::Secret::random(kDrawnBytes).view()); }

}  // namespace

RoundTrips::Begun RoundTrips::begin(std::optional<core::Sha256> invitation,
                                    std::optional<SessionId> session, core::Time now) const {
  RoundTrip trip{states_.issue(kUse, now), drawn(), drawn(), invitation, std::move(session)};
  Json::Value json;
  json["state"] = trip.state;
  json["nonce"] = trip.nonce;
  json["verifier"] = trip.verifier;
  if (trip.invitation) json["invitation"] = core::to_hex(*trip.invitation);
  if (trip.session) json["session"] = trip.session->text();
  std::string cookie = core::to_base64url(
      core::seal_box(key_.view(), core::as_bytes(kUse), core::as_bytes(core::to_text(json))));
  return {std::move(trip), std::move(cookie)};
}

std::optional<RoundTrip> RoundTrips::resume(std::string_view cookie, std::string_view state,
                                            core::Time now) const {
  if (cookie.size() > kLongestCookie) return std::nullopt;
  const auto box = core::from_base64url(cookie);
  const auto plain = box ? core::open_box(key_.view(), core::as_bytes(kUse), *box) : std::nullopt;
  if (!plain) return std::nullopt;
  // Ours, as begin() has written it.
  const auto json = std::get<Json::Value>(core::parse_json_object(core::as_text(*plain)));
  RoundTrip trip{json["state"].asString(), json["nonce"].asString(), json["verifier"].asString()};
  if (!core::equal_in_constant_time(core::as_bytes(trip.state), core::as_bytes(state)) ||
      !states_.is_open(state, kUse, now)) {
    return std::nullopt;
  }
  if (json.isMember("invitation")) {
    const auto hash = core::from_hex(json["invitation"].asString()).value();
    std::ranges::copy(hash, trip.invitation.emplace().begin());
  }
  if (json.isMember("session")) trip.session = SessionId::parse(json["session"].asString());
  return trip;
}

bool RoundTrips::end(const RoundTrip& trip, core::Time now) {
  return states_.spend(trip.state, now);
}

}  // namespace sekisho::access
