// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "audit/keys/key_rotation.h"

namespace sekisho::audit {

/// The keys of the log that `pinned` is one of, as the file says that `sekisho-audit rotations`
/// writes: receipts of its rotations, one behind the other. Throws AuditError where
/// they do not lead to `pinned`.
KeyChain read_rotations(const std::filesystem::path& file, const NoteVerifier& pinned);

}  // namespace sekisho::audit
