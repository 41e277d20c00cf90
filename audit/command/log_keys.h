// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/command/command_line.h"
#include "audit/keys/key_rotation.h"

namespace sekisho::audit {

/// The key behind --key, else audit.pub of the log behind --data. Throws UsageError, or AuditError
/// where it is none.
NoteVerifier given_key(const Options& options);

/// The keys of the log that the given one is one of: old or new, it is led to the one that counts
/// by the receipts behind --rotations, or by the log behind --data. Throws as given_key(), and
/// AuditError where --rotations does not lead to the given key.
KeyChain keys_of(const Options& options);

}  // namespace sekisho::audit
