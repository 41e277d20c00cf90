// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_correspondence_store.h"

#include <utility>

#include "access/sqlite/letter_rows.h"
#include "access/sqlite/schema.h"

namespace sekisho::access {
namespace {

using core::db::Rows;
using core::db::Transaction;

constexpr auto kImmediate = Transaction::Behavior::IMMEDIATE;

/// What was typed may be a password in the wrong field.
constexpr std::string_view kTypedUse = "reset request";

}  // namespace

SqliteCorrespondenceStore::SqliteCorrespondenceStore(const AccessPlace& place, TextKey key)
    : key_(std::move(key)), db_(open_database(place)), statements_(db_) {}

bool SqliteCorrespondenceStore::ask(const ResetRequest& request) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["INSERT INTO reset_request (login_box, source, request, user_agent,"
                          " asked_at) SELECT ?1, ?2, ?3, ?4, ?5"
                          " WHERE (SELECT count(*) FROM reset_request) < ?6"],
              core::ByteView(key_.seal(kTypedUse, request.request_id, request.login)),
              request.source, request.request_id, request.user_agent, request.asked_at, kMostAsked)
             .execute() == 1;
}

std::vector<ResetRequest> SqliteCorrespondenceStore::asked(int most) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT seq, login_box, source, request, user_agent, asked_at"
                        " FROM reset_request ORDER BY seq LIMIT ?1"],
            most);
  std::vector<ResetRequest> requests;
  while (rows.next()) {
    ResetRequest request;
    request.number = rows.integer(0);
    request.request_id = rows.text(3);
    request.login = key_.open(kTypedUse, request.request_id, rows.bytes(1));
    request.source = rows.text(2);
    request.user_agent = rows.text(4);
    request.asked_at = rows.time(5);
    requests.push_back(std::move(request));
  }
  return requests;
}

void SqliteCorrespondenceStore::drop(std::int64_t number) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["DELETE FROM reset_request WHERE seq = ?1"], number).execute();
}

bool SqliteCorrespondenceStore::answer(std::int64_t number, const Invitation& link,
                                       const mail::Letter& letter) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  Rows(statements_["DELETE FROM reset_request WHERE seq = ?1"], number).execute();
  const int made =
      Rows(statements_["INSERT INTO reset (person, id, hash, created_at, expires_at)"
                       " SELECT id, ?2, ?3, ?4, ?5 FROM person"
                       " WHERE id = ?1 AND disabled_at IS NULL AND password_hash <> ''"
                       " ON CONFLICT (person) DO UPDATE SET id = ?2, hash = ?3, created_at = ?4,"
                       " expires_at = ?5"],
           link.person, link.id, link.hash, link.created_at, link.expires_at)
          .execute();
  if (made == 1) insert_letter(statements_, key_, letter);
  transaction.commit();
  return made == 1;
}

bool SqliteCorrespondenceStore::warn(const PersonId& person, const mail::Letter& letter) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  // One that was written in the future was written before the clock was set back.
  const int due = Rows(statements_["UPDATE person SET warned_at = ?2 WHERE id = ?1"
                                   " AND (warned_at IS NULL OR warned_at <= ?3 OR warned_at > ?2)"],
                       person, letter.written_at, letter.written_at - kWarnedOncePer)
                      .execute();
  if (due == 0) return false;
  insert_letter(statements_, key_, letter);
  transaction.commit();
  return true;
}

}  // namespace sekisho::access
