// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// Every change is on record before it is made (audit::AuditError: nothing was changed). Who is told
// to do what is done already answers as if it had done it, and puts nothing on record.

StaffReply create_recipient(const StaffCall& call);
StaffReply show_made_recipient(const StaffCall& call, const std::string& id);
StaffReply list_recipients(const StaffCall& call);
StaffReply show_recipient(const StaffCall& call);
/// Puts a name, organisation, mail address, language and networks in the place of what was there.
StaffReply change_recipient(const StaffCall& call);
StaffReply disable_recipient(const StaffCall& call);
StaffReply enable_recipient(const StaffCall& call);
StaffReply add_network(const StaffCall& call);
StaffReply remove_network(const StaffCall& call);

StaffReply create_token(const StaffCall& call);
StaffReply show_made_token(const StaffCall& call, const std::string& id);
StaffReply list_tokens(const StaffCall& call);
StaffReply show_token(const StaffCall& call);
StaffReply revoke_token(const StaffCall& call);

StaffReply add_certificate(const StaffCall& call);
StaffReply show_made_certificate(const StaffCall& call, const std::string& id);
StaffReply list_certificates(const StaffCall& call);
StaffReply show_certificate(const StaffCall& call);
StaffReply remove_certificate(const StaffCall& call);

}  // namespace sekisho::staff
