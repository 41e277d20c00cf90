// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_identity_store.h"

#include <string>

#include "access/sqlite/schema.h"
#include "access/sqlite/ways_in.h"

namespace sekisho::access {
namespace {

using core::db::read_id;
using core::db::Rows;
using core::db::Transaction;

constexpr auto kImmediate = Transaction::Behavior::IMMEDIATE;

/// What read_identity() reads.
constexpr std::string_view kSelectIdentity =
    "SELECT person, issuer, subject, linked_at, used_at FROM identity";

LinkedIdentity read_identity(const Rows& rows) {
  return {read_id<PersonId>(rows, 0),
          {rows.text(1), rows.text(2)},
          rows.time(3),
          rows.optional_time(4)};
}

}  // namespace

SqliteIdentityStore::SqliteIdentityStore(const AccessPlace& place)
    : db_(open_database(place)), statements_(db_) {}

std::optional<LinkedIdentity> SqliteIdentityStore::find(const Identity& identity) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectIdentity) + " WHERE issuer = ?1 AND subject = ?2"],
            identity.issuer, identity.subject);
  if (!rows.next()) return std::nullopt;
  return read_identity(rows);
}

std::optional<LinkedIdentity> SqliteIdentityStore::of_person(const PersonId& person) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectIdentity) + " WHERE person = ?1"], person);
  if (!rows.next()) return std::nullopt;
  return read_identity(rows);
}

bool SqliteIdentityStore::insert(const PersonId& person, const Identity& identity, core::Time now) {
  return Rows(statements_["INSERT INTO identity (person, issuer, subject, linked_at)"
                          " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (issuer, subject) DO NOTHING"],
              person, identity.issuer, identity.subject, now)
             .execute() == 1;
}

bool SqliteIdentityStore::link(const PersonId& person, const Identity& identity, core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  Rows(statements_["DELETE FROM identity WHERE person = ?1"], person).execute();
  if (!insert(person, identity, now)) return false;
  end_sessions(statements_, person);
  transaction.commit();
  return true;
}

bool SqliteIdentityStore::unlink(const PersonId& person) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (Rows(statements_["DELETE FROM identity WHERE person = ?1"], person).execute() == 0) {
    return false;
  }
  end_sessions(statements_, person);
  transaction.commit();
  return true;
}

bool SqliteIdentityStore::accept(const core::Sha256& invitation, const Identity& identity,
                                 core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  PersonId person;
  {
    Rows taken(statements_["DELETE FROM invitation WHERE hash = ?1 AND expires_at > ?2"
                           " RETURNING person"],
               invitation, now);
    if (!taken.next()) return false;
    person = read_id<PersonId>(taken, 0);
    // A statement with RETURNING has done all of its work at its first step (SQLite, "RETURNING").
  }
  drop_all_but_password(statements_, person);
  Rows(statements_["UPDATE person SET password_hash = '', password_set_at = NULL WHERE id = ?1"],
       person)
      .execute();
  if (!insert(person, identity, now)) return false;
  transaction.commit();
  return true;
}

void SqliteIdentityStore::note_use(const PersonId& person, core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE identity SET used_at = ?2 WHERE person = ?1"], person, now).execute();
}

}  // namespace sekisho::access
