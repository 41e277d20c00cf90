// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// What may be done to the access log besides reading it: audit::Keeping.
Reply list_holds(const Call& call);
Reply set_hold(const Call& call);
Reply end_hold(const Call& call);
Reply shred_text(const Call& call);
/// As far as one call should take: "Finished" says whether there is more.
Reply prune_log(const Call& call);

}  // namespace sekisho::staff
