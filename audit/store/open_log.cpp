// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/open_log.h"

#include "audit/sqlite/schema.h"
#include "audit/sqlite/sqlite_log_store.h"
#include "audit/sqlite/sqlite_stored_log.h"

namespace sekisho::audit {

void create_log(const std::filesystem::path& database) { SqliteLogStore::create(database); }

void settle_log(const std::filesystem::path& database) {
  core::db::settle_write_ahead_log(database);
}

std::unique_ptr<LogStore> open_log_store(const std::filesystem::path& database,
                                         const NoteSigner& signer) {
  return std::make_unique<SqliteLogStore>(database, signer);
}

std::unique_ptr<StoredLog> open_stored_log(const std::filesystem::path& database) {
  return std::make_unique<SqliteStoredLog>(open_for_reading(database));
}

}  // namespace sekisho::audit
