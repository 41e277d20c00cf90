// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// What recipients gave back and what waits in quarantine (docs/returns.md). Lists say nothing of a
// patient.

Reply list_uploads(const Call& call);
/// With whose it will be and what its elements say: patient data leaves for the member of staff,
/// on record before it does (audit::AuditError: nothing was shown).
Reply show_upload(const Call& call);
/// On record before it is done; the archive has it a moment later. What is infected, or cannot be
/// scanned, is not released by anybody.
Reply release_upload(const Call& call);
/// On record before it is done, with the reason.
Reply reject_upload(const Call& call);

}  // namespace sekisho::staff
