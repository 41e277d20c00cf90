// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "staff/call.h"

namespace sekisho::staff {

// Every change is on record before it is made (audit::AuditError: nothing was changed). Who is told
// to do what is done already answers as if it had done it, and puts nothing on record.

/// 409 with "LookAlikes" where there are recipients that may be taken for it, unless the caller has
/// seen them.
Reply create_recipient(const Call& call);
Reply show_made_recipient(const Call& call, const std::string& id);
Reply list_recipients(const Call& call);
Reply show_recipient(const Call& call);
/// A CSV file of all that are asked for, which import_recipients() takes.
Reply export_recipients(const Call& call);
/// Puts everything that staff say of a recipient in the place of what was there. 409 as above where
/// name or place become others.
Reply change_recipient(const Call& call);
Reply disable_recipient(const Call& call);
Reply enable_recipient(const Call& call);
Reply add_network(const Call& call);
Reply remove_network(const Call& call);

}  // namespace sekisho::staff
