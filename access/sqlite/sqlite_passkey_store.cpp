// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_passkey_store.h"

#include "access/sqlite/schema.h"

namespace sekisho::access {
namespace {

using core::db::read_id;
using core::db::Rows;
using core::db::Transaction;

constexpr auto kImmediate = Transaction::Behavior::IMMEDIATE;

/// What read_passkey() reads.
constexpr std::string_view kSelectPasskey =
    "SELECT id, person, credential, algorithm, public_key, signatures, may_be_copied, name,"
    " created_at, used_at FROM passkey";

Passkey read_passkey(const Rows& rows) {
  const core::ByteView credential = rows.bytes(2);
  const core::ByteView public_key = rows.bytes(4);
  Passkey passkey;
  passkey.id = read_id<PasskeyId>(rows, 0);
  passkey.person = read_id<PersonId>(rows, 1);
  passkey.credential = {credential.begin(), credential.end()};
  passkey.algorithm = static_cast<int>(rows.integer(3));
  passkey.public_key = {public_key.begin(), public_key.end()};
  passkey.signatures = static_cast<std::uint32_t>(rows.integer(5));
  passkey.may_be_copied = rows.integer(6) != 0;
  passkey.name = rows.text(7);
  passkey.created_at = rows.time(8);
  passkey.used_at = rows.optional_time(9);
  return passkey;
}

}  // namespace

SqlitePasskeyStore::SqlitePasskeyStore(const AccessPlace& place)
    : db_(open_database(place)), statements_(db_) {}

void SqlitePasskeyStore::end_sessions(const PersonId& person) {
  Rows(statements_["DELETE FROM session WHERE person = ?1"], person).execute();
}

bool SqlitePasskeyStore::insert(const Passkey& passkey) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int inserted =
      Rows(statements_["INSERT INTO passkey (id, person, credential, algorithm, public_key,"
                       " signatures, may_be_copied, name, created_at)"
                       " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9"
                       " WHERE (SELECT count(*) FROM passkey WHERE person = ?2) < ?10"
                       " ON CONFLICT (credential) DO NOTHING"],
           passkey.id, passkey.person, passkey.credential, passkey.algorithm, passkey.public_key,
           std::int64_t{passkey.signatures}, std::int64_t{passkey.may_be_copied}, passkey.name,
           passkey.created_at, kMostPasskeys)
          .execute();
  if (inserted == 0) return false;
  end_sessions(passkey.person);
  transaction.commit();
  return true;
}

std::optional<Passkey> SqlitePasskeyStore::find(core::ByteView credential) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPasskey) + " WHERE credential = ?1"], credential);
  if (!rows.next()) return std::nullopt;
  return read_passkey(rows);
}

std::vector<Passkey> SqlitePasskeyStore::of_person(const PersonId& person) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPasskey) + " WHERE person = ?1 ORDER BY seq"], person);
  std::vector<Passkey> passkeys;
  while (rows.next()) passkeys.push_back(read_passkey(rows));
  return passkeys;
}

bool SqlitePasskeyStore::use(const PasskeyId& id, std::uint32_t signatures, core::Time now) {
  const core::MutexLock lock(mutex_);
  // Web Authentication §7.2 step 23: two zeros are an authenticator that does not count.
  return Rows(statements_["UPDATE passkey SET signatures = ?2, used_at = ?3 WHERE id = ?1"
                          " AND (signatures < ?2 OR (signatures = 0 AND ?2 = 0))"],
              id, std::int64_t{signatures}, now)
             .execute() == 1;
}

bool SqlitePasskeyStore::remove(const PersonId& person, const PasskeyId& id) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int removed =
      Rows(statements_["DELETE FROM passkey WHERE id = ?1 AND person = ?2"], id, person).execute();
  if (removed == 0) return false;
  end_sessions(person);
  transaction.commit();
  return true;
}

}  // namespace sekisho::access
