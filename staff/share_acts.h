// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// Every change is on record before it is made (audit::AuditError: nothing was changed). Who is told
// to do what is done already answers as if it had done it, and puts nothing on record.

/// Moves the end of a share away: the one thing of a share that may change.
Reply extend_share(const Call& call);
Reply revoke_share(const Call& call);
/// Destroys the key of a share that is over: nobody can tell any more what its pseudonyms stand
/// for.
Reply forget_share_key(const Call& call);
/// Wraps the keys of all shares by a new mask.key.
Reply rotate_mask_key(const Call& call);
/// A named member of staff has looked at a series and lets its images leave in this share although
/// the pixel policy would withhold them (docs/pixels.md).
Reply approve_series(const Call& call);
/// Takes such an approval back: within a second no image leaves by it.
Reply withdraw_series(const Call& call);

}  // namespace sekisho::staff
