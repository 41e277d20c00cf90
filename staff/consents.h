// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// Consents of patients, as the hospital's information system puts them down (docs/consent.md). A
// PatientID stands in bodies alone: addresses end up in logs of others. Every change is on record
// before it is made (audit::AuditError: nothing was changed).

Reply create_consent(const Call& call);
Reply show_made_consent(const Call& call, const std::string& id);
Reply list_consents(const Call& call);
/// Those of one patient.
Reply search_consents(const Call& call);
/// With the shares that its withdrawal has ended.
Reply show_consent(const Call& call);
/// Ends each share of the patient that no other consent carries, and says which. Who is told to
/// withdraw what is withdrawn already answers as if it had done it, and puts nothing on record.
Reply withdraw_consent(const Call& call);

}  // namespace sekisho::staff
