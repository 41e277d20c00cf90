// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/moment.h"
#include "audit/place.h"
#include "audit/proof/note.h"
#include "core/time.h"

namespace sekisho::audit {

/// Gives a log that no service holds a new signing key of the same origin, and puts that on record
/// in an entry that both keys have signed; the old private key is destroyed. Whatever stops it, the
/// log continues under the old key, without such an entry, or under the new one, with it. Returns
/// the new key. Throws AuditError or core::DatabaseError.
NoteVerifier rotate_key(const AuditPlace& place, const core::Clock& clock = core::system_clock(),
                        const Uptime& uptime = boot_time());

/// What a rotation does last, where it was stopped before: if the head is signed by the next key,
/// that becomes audit.key. To be called before the place is locked; does nothing where no next key
/// is there, or where it signed nothing. Throws AuditError or core::DatabaseError.
void finish_rotation(const AuditPlace& place);

}  // namespace sekisho::audit
