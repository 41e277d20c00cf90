// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// What may be done to the access log besides reading it: audit::Keeping.
StaffReply list_holds(const StaffCall& call);
StaffReply set_hold(const StaffCall& call);
StaffReply end_hold(const StaffCall& call);
StaffReply shred_text(const StaffCall& call);
/// As far as one call should take: "Finished" says whether there is more.
StaffReply prune_log(const StaffCall& call);

}  // namespace sekisho::staff
