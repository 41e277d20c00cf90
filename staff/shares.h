// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// Every change is on record before it is made (audit::AuditError: nothing was changed). Who is told
// to do what is done already answers as if it had done it, and puts nothing on record.

StaffReply create_share(const StaffCall& call);
StaffReply show_made_share(const StaffCall& call, const std::string& id);
StaffReply list_shares(const StaffCall& call);
StaffReply show_share(const StaffCall& call);
/// Moves the end of a share away: the one thing of a share that may change.
StaffReply extend_share(const StaffCall& call);
StaffReply revoke_share(const StaffCall& call);
/// Destroys the key of a share that is over: nobody can tell any more what its pseudonyms stand
/// for.
StaffReply forget_share_key(const StaffCall& call);
/// Wraps the keys of all shares by a new mask.key.
StaffReply rotate_mask_key(const StaffCall& call);
/// A named member of staff has looked at a series and lets its images leave in this share although
/// the pixel policy would withhold them (docs/pixels.md).
StaffReply approve_series(const StaffCall& call);
/// Takes such an approval back: within a second no image leaves by it.
StaffReply withdraw_series(const StaffCall& call);

}  // namespace sekisho::staff
