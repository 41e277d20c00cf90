// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugin/staff_call.h"

namespace sekisho::plugin {

// Every change is on record before it is made (audit::AuditError: nothing was changed).

StaffReply create_share(const StaffCall& call);
StaffReply list_shares(const StaffCall& call);
StaffReply show_share(const StaffCall& call);
StaffReply revoke_share(const StaffCall& call);

}  // namespace sekisho::plugin
