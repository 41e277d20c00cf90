// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/sign_in.h"
#include "gateway/call.h"
#include "gateway/forms.h"

namespace sekisho::gateway {

// Passkeys (docs/access.md). What browsers are given has the form of Web Authentication Level 3,
// §5.1.8 and §5.1.9, and what they answer is taken in base64url. Where `PublicUrl` names an address
// instead of a host there are none, and all of these are 404.

/// 200 with what a browser needs to sign in with a passkey of whoever sits there: the same for
/// everybody, whether anybody has one or not.
http::Response offer_sign_in(Call& call);
/// What the passkey in a form says of who is there.
std::variant<access::Admitted, access::Refusal> admit_by_passkey(const Call& call, const Form& form,
                                                                 const access::MayCome& may_come);

/// 200 with what a browser needs to make a passkey, for whoever knows the password.
http::Response offer_passkey(Call& call);
/// 200 with the passkey, and the session by two factors.
http::Response enrol_passkey(Call& call);
http::Response list_passkeys(Call& call);
/// 200 with the session, by a password alone where nothing is left to stand beside it.
http::Response remove_passkey(Call& call);

}  // namespace sekisho::gateway
