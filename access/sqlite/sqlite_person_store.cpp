// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_person_store.h"

#include "access/sqlite/schema.h"
#include "access/sqlite/ways_in.h"

namespace sekisho::access {
namespace {

using core::db::read_id;
using core::db::Rows;
using core::db::Statement;
using core::db::Transaction;

constexpr auto kImmediate = Transaction::Behavior::IMMEDIATE;

/// What read_person() reads.
constexpr std::string_view kSelectPerson =
    "SELECT person.id, recipient, login, name, person.created_at, disabled_at, password_set_at,"
    " totp_since, (SELECT count(*) FROM recovery_code WHERE person = person.id),"
    " (SELECT count(*) FROM passkey WHERE person = person.id), email,"
    " (SELECT linked_at FROM identity WHERE person = person.id) FROM person";

core::Bytes blob(const Rows& rows, int column) {
  if (rows.is_null(column)) return {};
  const core::ByteView bytes = rows.bytes(column);
  return {bytes.begin(), bytes.end()};
}

Person read_person(const Rows& rows) {
  Person person;
  person.id = read_id<PersonId>(rows, 0);
  person.recipient = rows.text(1);
  person.login = rows.text(2);
  person.name = rows.text(3);
  person.created_at = rows.time(4);
  person.disabled_at = rows.optional_time(5);
  person.password_set_at = rows.optional_time(6);
  person.totp_since = rows.optional_time(7);
  person.recovery_codes_left = static_cast<int>(rows.integer(8));
  person.passkeys = static_cast<int>(rows.integer(9));
  person.email = rows.text(10);
  person.linked_at = rows.optional_time(11);
  return person;
}

}  // namespace

SqlitePersonStore::SqlitePersonStore(const AccessPlace& place)
    : db_(open_database(place)), statements_(db_) {}

SqlitePersonStore::Registration SqlitePersonStore::insert(const Person& person) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  {
    Rows count(statements_["SELECT count(*) FROM person WHERE recipient = ?1"], person.recipient);
    count.next();
    if (count.integer(0) >= kMostPeople) return Registration::too_many;
  }
  const int inserted =
      Rows(statements_["INSERT INTO person (id, recipient, login, name, created_at, email)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (login) DO NOTHING"],
           person.id, person.recipient, person.login, person.name, person.created_at, person.email)
          .execute();
  if (inserted == 0) return Registration::login_taken;
  transaction.commit();
  return Registration::done;
}

std::optional<Person> SqlitePersonStore::find(const PersonId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPerson) + " WHERE person.id = ?1"], id);
  if (!rows.next()) return std::nullopt;
  return read_person(rows);
}

std::optional<Person> SqlitePersonStore::find_by_login(std::string_view login) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPerson) + " WHERE login = ?1"], login);
  if (!rows.next()) return std::nullopt;
  return read_person(rows);
}

std::vector<Person> SqlitePersonStore::of_recipient(std::string_view recipient) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPerson) + " WHERE recipient = ?1 ORDER BY seq"],
            recipient);
  std::vector<Person> people;
  while (rows.next()) people.push_back(read_person(rows));
  return people;
}

bool SqlitePersonStore::disable(const PersonId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int changed = Rows(statements_["UPDATE person SET disabled_at = ?2"
                                       " WHERE id = ?1 AND disabled_at IS NULL"],
                           id, now)
                          .execute();
  if (changed == 0) return false;
  end_sessions(statements_, id);
  Rows(statements_["DELETE FROM invitation WHERE person = ?1"], id).execute();
  transaction.commit();
  return true;
}

bool SqlitePersonStore::enable(const PersonId& id) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["UPDATE person SET disabled_at = NULL"
                          " WHERE id = ?1 AND disabled_at IS NOT NULL"],
              id)
             .execute() == 1;
}

void SqlitePersonStore::change(const PersonId& id, std::string_view name, std::string_view email) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int moved =
      Rows(statements_["UPDATE person SET email = ?2 WHERE id = ?1 AND email <> ?2"], id, email)
          .execute();
  if (moved == 1) Rows(statements_["DELETE FROM reset WHERE person = ?1"], id).execute();
  Rows(statements_["UPDATE person SET name = ?2 WHERE id = ?1"], id, name).execute();
  transaction.commit();
}

bool SqlitePersonStore::invite(const Invitation& invitation) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["INSERT INTO invitation (person, id, hash, created_at, expires_at)"
                          " SELECT id, ?2, ?3, ?4, ?5 FROM person"
                          " WHERE id = ?1 AND disabled_at IS NULL"
                          " ON CONFLICT (person) DO UPDATE SET id = ?2, hash = ?3, created_at = ?4,"
                          " expires_at = ?5"],
              invitation.person, invitation.id, invitation.hash, invitation.created_at,
              invitation.expires_at)
             .execute() == 1;
}

std::optional<Person> SqlitePersonStore::invited(const core::Sha256& hash, core::Time now) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPerson) +
                        " JOIN invitation ON invitation.person = person.id"
                        " WHERE hash = ?1 AND expires_at > ?2 AND disabled_at IS NULL"],
            hash, now);
  if (!rows.next()) return std::nullopt;
  return read_person(rows);
}

std::optional<PersonId> SqlitePersonStore::take_up(Statement& taken, const core::Sha256& hash,
                                                   std::string_view password_hash, core::Time now) {
  PersonId person;
  {
    Rows rows(taken, hash, now);
    if (!rows.next()) return std::nullopt;
    person = read_id<PersonId>(rows, 0);
    // A statement with RETURNING has done all of its work at its first step (SQLite, "RETURNING").
  }
  Rows(statements_["UPDATE person SET password_hash = ?2, password_set_at = ?3 WHERE id = ?1"],
       person, password_hash, now)
      .execute();
  Rows(statements_["DELETE FROM application_password WHERE person = ?1"], person).execute();
  end_sessions(statements_, person);
  return person;
}

bool SqlitePersonStore::accept(const core::Sha256& hash, std::string_view password_hash,
                               core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const auto person = take_up(statements_["DELETE FROM invitation WHERE hash = ?1 AND"
                                          " expires_at > ?2 RETURNING person"],
                              hash, password_hash, now);
  if (!person) return false;
  drop_all_but_password(statements_, *person);
  transaction.commit();
  return true;
}

std::optional<Person> SqlitePersonStore::resetting(const core::Sha256& hash, core::Time now) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectPerson) +
                        " JOIN reset ON reset.person = person.id"
                        " WHERE hash = ?1 AND expires_at > ?2 AND disabled_at IS NULL"],
            hash, now);
  if (!rows.next()) return std::nullopt;
  return read_person(rows);
}

bool SqlitePersonStore::reset_password(const core::Sha256& hash, std::string_view password_hash,
                                       core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const auto person = take_up(statements_["DELETE FROM reset WHERE hash = ?1 AND expires_at > ?2"
                                          " RETURNING person"],
                              hash, password_hash, now);
  if (!person) return false;
  transaction.commit();
  return true;
}

std::optional<Secrets> SqlitePersonStore::secrets(const PersonId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT password_hash, totp_box, totp_step, offered_box FROM person"
                        " WHERE id = ?1"],
            id);
  if (!rows.next()) return std::nullopt;
  return Secrets{rows.text(0), blob(rows, 1), rows.integer(2), blob(rows, 3)};
}

bool SqlitePersonStore::set_password(const PersonId& id, std::string_view before,
                                     std::string_view after, core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int changed = Rows(statements_["UPDATE person SET password_hash = ?3, password_set_at = ?4"
                                       " WHERE id = ?1 AND password_hash = ?2"],
                           id, before, after, now)
                          .execute();
  if (changed == 0) return false;
  end_sessions(statements_, id);
  transaction.commit();
  return true;
}

void SqlitePersonStore::rehash(const PersonId& id, std::string_view before,
                               std::string_view after) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE person SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2"], id,
       before, after)
      .execute();
}

void SqlitePersonStore::offer_totp(const PersonId& id, core::ByteView box) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE person SET offered_box = ?2 WHERE id = ?1"], id, box).execute();
}

bool SqlitePersonStore::enrol_totp(const PersonId& id, core::ByteView offered_box,
                                   std::int64_t step,
                                   const std::vector<core::Sha256>& recovery_codes,
                                   core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int changed =
      Rows(statements_["UPDATE person SET totp_box = offered_box, totp_since = ?3, totp_step = ?4,"
                       " offered_box = NULL WHERE id = ?1 AND offered_box = ?2"],
           id, offered_box, now, step)
          .execute();
  if (changed == 0) return false;
  Rows(statements_["DELETE FROM recovery_code WHERE person = ?1"], id).execute();
  for (const core::Sha256& code : recovery_codes) {
    Rows(statements_["INSERT INTO recovery_code (person, hash) VALUES (?1, ?2)"], id, code)
        .execute();
  }
  end_sessions(statements_, id);
  transaction.commit();
  return true;
}

void SqlitePersonStore::remove_totp(const PersonId& id) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  drop_second_factor(statements_, id);
  end_sessions(statements_, id);
  transaction.commit();
}

bool SqlitePersonStore::use_step(const PersonId& id, std::int64_t step) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["UPDATE person SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2"], id,
              step)
             .execute() == 1;
}

bool SqlitePersonStore::use_recovery_code(const PersonId& id, const core::Sha256& hash) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["DELETE FROM recovery_code WHERE person = ?1 AND hash = ?2"], id, hash)
             .execute() == 1;
}

}  // namespace sekisho::access
