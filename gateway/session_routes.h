// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "gateway/call.h"

namespace sekisho::gateway {

// Signing in and out (docs/access.md). Whoever is not let in gets one 404, whatever is wrong, and
// the log knows what. A session is on record before it begins.

/// A form may come from whoever is known, and from where somebody might be: what is in it is looked
/// at when it is here.
std::optional<http::Response> take_form(Call& call);

/// POST: by login and password, with a code where there is a second factor; by an invitation, or a
/// link that was asked for, with the password that shall be; or by the secret of a share's link.
/// 201 with the session, and its cookie.
http::Response sign_in(Call& call);
/// POST: somebody has forgotten their password. 202 whoever asks for whom, how often: what comes of
/// it comes later and by mail, if anything does.
http::Response ask_for_reset(Call& call);
http::Response show_session(Call& call);
/// Whose door it is, and whether the page that asks would find a session: so that it need not be
/// refused, on record, to find out that it has to ask for a password.
http::Response show_door(Call& call);
/// 204. Whatever the browser has of us is to be forgotten.
http::Response sign_out(Call& call);

}  // namespace sekisho::gateway
