// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_application_password_store.h"

#include "access/sqlite/schema.h"

namespace sekisho::access {
namespace {

using core::db::read_id;
using core::db::Rows;

/// What read_password() reads.
constexpr std::string_view kSelectPassword =
    "SELECT id, person, name, created_at, expires_at FROM application_password";

ApplicationPassword read_password(const Rows& rows) {
  return {read_id<ApplicationPasswordId>(rows, 0), read_id<PersonId>(rows, 1), rows.text(2),
          rows.time(3), rows.time(4)};
}

}  // namespace

SqliteApplicationPasswordStore::SqliteApplicationPasswordStore(const AccessPlace& place)
    : db_(open_database(place)), statements_(db_) {}

bool SqliteApplicationPasswordStore::insert(const ApplicationPassword& password,
                                            const core::Sha256& hash) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["INSERT INTO application_password (id, person, name, hash, created_at,"
                          " expires_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
                          " WHERE (SELECT count(*) FROM application_password WHERE person = ?2)"
                          " < ?7"],
              password.id, password.person, password.name, hash, password.created_at,
              password.expires_at, kMostApplicationPasswords)
             .execute() == 1;
}

std::optional<ApplicationPassword> SqliteApplicationPasswordStore::find(
    const core::Sha256& hash) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPassword) + " WHERE hash = ?1"], hash);
  if (!rows.next()) return std::nullopt;
  return read_password(rows);
}

std::vector<ApplicationPassword> SqliteApplicationPasswordStore::of_person(
    const PersonId& person) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPassword) + " WHERE person = ?1 ORDER BY seq"], person);
  std::vector<ApplicationPassword> passwords;
  while (rows.next()) passwords.push_back(read_password(rows));
  return passwords;
}

bool SqliteApplicationPasswordStore::remove(const PersonId& person,
                                            const ApplicationPasswordId& id) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["DELETE FROM application_password WHERE id = ?1 AND person = ?2"], id,
              person)
             .execute() == 1;
}

}  // namespace sekisho::access
