// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "staff/call.h"

namespace sekisho::staff {

// Every change is on record before it is made (audit::AuditError: nothing was changed). Who is told
// to do what is done already answers as if it had done it, and puts nothing on record.

Reply create_recipient(const Call& call);
Reply show_made_recipient(const Call& call, const std::string& id);
Reply list_recipients(const Call& call);
Reply show_recipient(const Call& call);
/// Puts a name, organisation, mail address, language and networks in the place of what was there.
Reply change_recipient(const Call& call);
Reply disable_recipient(const Call& call);
Reply enable_recipient(const Call& call);
Reply add_network(const Call& call);
Reply remove_network(const Call& call);

}  // namespace sekisho::staff
