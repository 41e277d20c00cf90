// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/challenges.h"
#include "access/session.h"
#include "core/digest.h"
#include "core/sealed_box.h"
#include "core/secret.h"
#include "core/time.h"

namespace sekisho::access {

/// As long as somebody may take to sign in elsewhere.
inline constexpr std::chrono::minutes kRoundTripLife{10};

/// What belongs to somebody's way to an identity provider and back.
struct RoundTrip {
  std::string state;                         ///< comes back with the browser
  std::string nonce;                         ///< comes back with what the provider says
  std::string verifier;                      ///< goes to the provider alone, when they are back
  std::optional<core::Sha256> invitation{};  ///< that is to be taken up
  std::optional<SessionId> session{};        ///< that the browser has, and that another follows
};

/// Sends browsers to an identity provider and knows them again. All of it is in a cookie of the
/// browser, which nobody else opens: to begin takes no memory, and only those who are back are
/// remembered, so that nobody is back twice. They are worth nothing in another process, or after a
/// restart. Any thread.
class RoundTrips {
 public:
  struct Begun {
    RoundTrip trip;
    std::string cookie;  ///< its value
  };
  Begun begin(std::optional<core::Sha256> invitation, std::optional<SessionId> session,
              core::Time now) const;
  /// The one that began with this cookie, if `state` is its own, it is no older than
  /// kRoundTripLife and has not ended.
  std::optional<RoundTrip> resume(std::string_view cookie, std::string_view state,
                                  core::Time now) const;
  /// Of two at once one succeeds. For one that was resumed.
  bool end(const RoundTrip& trip, core::Time now);

 private:
  const core::Secret key_ = core::Secret::random(core::kBoxKeyBytes);
  Challenges states_{kRoundTripLife};
};

}  // namespace sekisho::access
