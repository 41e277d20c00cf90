// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "audit/proof/note.h"
#include "audit/store/log_store.h"
#include "audit/store/stored_log.h"

namespace sekisho::audit {

// The one place that knows what a log is kept in: SQLite.

/// Makes an empty log in a new file. Throws core::DatabaseError.
void create_log(const std::filesystem::path& database);

/// Has on the disk whatever can be read of a log, before anything is built on it. Nobody else has
/// it open to write. Throws core::DatabaseError.
void settle_log(const std::filesystem::path& database);

/// For its one writer. Checks the head under `signer`, the right edge, the tiles and the last
/// entries. `signer` outlives what is returned. Throws AuditError or core::DatabaseError.
std::unique_ptr<LogStore> open_log_store(const std::filesystem::path& database,
                                         const NoteSigner& signer);

/// For a reader. Throws AuditError where the file is no audit log of this version or cannot be
/// read, and core::DatabaseError.
std::unique_ptr<StoredLog> open_stored_log(const std::filesystem::path& database);

}  // namespace sekisho::audit
