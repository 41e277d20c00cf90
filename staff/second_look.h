// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// What somebody else says to a share that awaits it. Whoever does has a name, and it is not that of
// the share's maker: else 403. On record before it is done; who is told to approve what is approved
// answers as if it had done it, and puts nothing on record.

/// From now on the share opens, as far as it is time.
Reply approve_share(const Call& call);
/// Ends it for good, with a reason.
Reply reject_share(const Call& call);

}  // namespace sekisho::staff
