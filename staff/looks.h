// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "disclosure/looks.h"
#include "sharing/recipient.h"
#include "staff/call.h"

namespace sekisho::staff {

// How far it is with what takes long: previews, creations, and what recipients wait for.

Reply list_looks(const Call& call);
Reply show_look(const Call& call);
/// Ends a preview or a creation, whoever of staff waits for it: it changes nothing, and what it has
/// found is kept. A recipient's look ends with the share.
Reply give_up_look(const Call& call);

/// The look that a call needs, by the name that it came with: 400 for one that is none, 409 for one
/// that is under way already.
std::variant<disclosure::Look, Reply> begin_look(const Call& call, disclosure::LookFor purpose,
                                                 const sharing::RecipientId& recipient);
/// 409: what a call is answered with whose look was given up.
Reply given_up();

}  // namespace sekisho::staff
