// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "staff/call.h"

namespace sekisho::staff {

// Every change is on record before it is made (audit::AuditError: nothing was changed). Who is told
// to do what is done already answers as if it had done it, and puts nothing on record.

Reply create_share(const Call& call);
/// Shares once more what a share shares, with whom and as what, under a link, a term and pseudonyms
/// of its own; where "RevokeOld" says so that share ends first.
Reply reissue_share(const Call& call);
Reply show_made_share(const Call& call, const std::string& id);
Reply list_shares(const Call& call);
Reply show_share(const Call& call);

}  // namespace sekisho::staff
