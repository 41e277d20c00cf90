// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_attempt_store.h"

#include "access/sqlite/schema.h"

namespace sekisho::access {

using core::db::Rows;
using core::db::Transaction;

SqliteAttemptStore::SqliteAttemptStore(const AccessPlace& place)
    : db_(open_database(place)), statements_(db_) {}

bool SqliteAttemptStore::begin(Counted counted, const core::Sha256& name, core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, Transaction::Behavior::IMMEDIATE);
  Failures known;
  {
    Rows rows(statements_["SELECT count, last_at FROM failure WHERE name = ?1"], name);
    if (rows.next()) known = {static_cast<int>(rows.integer(0)), rows.time(1)};
  }
  if (now - known.last_at >= kForgottenAfter) known.count = 0;
  // A clock that was set back keeps nobody out until it is there again.
  const bool is_blocked = known.last_at <= now && now < blocked_until(counted, known);
  if (is_blocked) {
    // A site knows what it did. Of a login that is blocked the disk hears as of another: by how
    // long the answer takes nobody learns that its owner has signed in since, and so that it has
    // one.
    if (counted == Counted::account) {
      Rows(statements_["UPDATE failure SET before_at = ?2 WHERE name = ?1"], name, now).execute();
      transaction.commit();
    }
    return false;
  }
  Rows(statements_["INSERT INTO failure (name, count, last_at, before_at) VALUES (?1, ?2, ?3, ?4)"
                   " ON CONFLICT (name) DO UPDATE SET count = ?2, last_at = ?3, before_at = ?4"],
       name, known.count + 1, now, known.last_at)
      .execute();
  transaction.commit();
  return true;
}

void SqliteAttemptStore::succeed(Counted counted, const core::Sha256& name) {
  const core::MutexLock lock(mutex_);
  if (counted == Counted::account) {
    Rows(statements_["DELETE FROM failure WHERE name = ?1"], name).execute();
    return;
  }
  Rows(statements_["UPDATE failure SET count = count - 1, last_at = before_at"
                   " WHERE name = ?1 AND count > 0"],
       name)
      .execute();
}

void SqliteAttemptStore::forget(core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["DELETE FROM failure WHERE last_at <= ?1"], now - kForgottenAfter).execute();
}

}  // namespace sekisho::access
