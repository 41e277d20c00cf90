// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "access/correspondence_store.h"
#include "access/open_stores.h"
#include "access/refusal.h"
#include "core/network.h"
#include "core/time.h"

namespace sekisho::access {

/// So long a link to choose a password opens.
inline constexpr std::chrono::minutes kResetLasts{30};

/// Takes up what people ask for who have forgotten their password. Any thread. Throws
/// core::DatabaseError.
class PasswordResets {
 public:
  /// The stores outlive this.
  explicit PasswordResets(Stores& stores) : stores_(stores) {}

  /// Each request is counted, of its login and of its site, as failures of these are and apart from
  /// them: who asks too often is not listened to, and nobody is kept from signing in by it.
  /// `nullopt` where the request waits from now on. Takes as long whoever has the login, or nobody.
  std::optional<Refusal> ask(const ResetRequest& request, const core::IpAddress& source);

 private:
  Stores& stores_;
};

}  // namespace sekisho::access
