// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/call.h"

namespace sekisho::gateway {

// What people see and change of themselves (docs/access.md). A change is on record before it is
// made, asks for the password, ends all of the person's sessions and begins a new one. A wrong
// password or code gets the 404 that a wrong sign-in gets.

http::Response show_person(Call& call);
/// What is live for whoever asks; no patient is named.
http::Response list_own_shares(Call& call);

http::Response list_sessions(Call& call);
http::Response end_own_session(Call& call);
/// All but the one that asks.
http::Response end_other_sessions(Call& call);

http::Response change_password(Call& call);
/// 200 with the secret of an authenticator, shown once.
http::Response offer_totp(Call& call);
/// 200 with the recovery codes, shown once.
http::Response enrol_totp(Call& call);
http::Response remove_totp(Call& call);

}  // namespace sekisho::gateway
