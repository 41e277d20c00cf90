// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/open_stores.h"

#include "access/sqlite/schema.h"
#include "access/sqlite/sqlite_application_password_store.h"
#include "access/sqlite/sqlite_attempt_store.h"
#include "access/sqlite/sqlite_correspondence_store.h"
#include "access/sqlite/sqlite_identity_store.h"
#include "access/sqlite/sqlite_outbox.h"
#include "access/sqlite/sqlite_passkey_store.h"
#include "access/sqlite/sqlite_person_store.h"
#include "access/sqlite/sqlite_session_store.h"

namespace sekisho::access {

Stores open_stores(const AccessPlace& place) {
  core::db::settle_write_ahead_log(place.database);
  AccessKey key = settle_key(place);
  auto correspondence = std::make_unique<SqliteCorrespondenceStore>(place, key.for_texts());
  auto outbox = std::make_unique<SqliteOutbox>(place, key.for_texts());
  return {std::move(key),
          std::make_unique<SqlitePersonStore>(place),
          std::make_unique<SqliteSessionStore>(place),
          std::make_unique<SqliteAttemptStore>(place),
          std::make_unique<SqlitePasskeyStore>(place),
          std::make_unique<SqliteApplicationPasswordStore>(place),
          std::make_unique<SqliteIdentityStore>(place),
          std::move(correspondence),
          std::move(outbox)};
}

}  // namespace sekisho::access
