// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_outbox.h"

#include <utility>

#include "access/sqlite/letter_rows.h"
#include "access/sqlite/schema.h"

namespace sekisho::access {

using core::db::read_id;
using core::db::Rows;

SqliteOutbox::SqliteOutbox(const AccessPlace& place, TextKey key)
    : key_(std::move(key)), db_(open_database(place)), statements_(db_) {}

void SqliteOutbox::put(const mail::Letter& letter) {
  const core::MutexLock lock(mutex_);
  insert_letter(statements_, key_, letter);
}

std::optional<mail::Waiting> SqliteOutbox::next(core::Time now) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT id, box, written_at, useful_until, failures FROM letter"
                        " WHERE box IS NOT NULL AND next_at <= ?1 AND useful_until > ?1"
                        " ORDER BY next_at, seq LIMIT 1"],
            now);
  if (!rows.next()) return std::nullopt;
  mail::Waiting waiting;
  mail::Letter& letter = waiting.letter;
  letter.id = read_id<mail::LetterId>(rows, 0);
  const std::string text = key_.open(kLetterUse, letter.id.text(), rows.bytes(1));
  const std::size_t subject = text.find('\n') + 1;
  const std::size_t body = text.find('\n', subject) + 1;
  letter.to = text.substr(0, subject - 1);
  letter.subject = text.substr(subject, body - 1 - subject);
  letter.text = text.substr(body);
  letter.written_at = rows.time(2);
  letter.useful_until = rows.time(3);
  waiting.failures = static_cast<int>(rows.integer(4));
  return waiting;
}

void SqliteOutbox::sent(const mail::LetterId& id) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["DELETE FROM letter WHERE id = ?1"], id).execute();
}

void SqliteOutbox::failed(const mail::LetterId& id, core::Time again_at) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE letter SET failures = failures + 1, next_at = ?2 WHERE id = ?1"], id,
       again_at)
      .execute();
}

mail::Count SqliteOutbox::count(core::Time now) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT count(box), min(written_at) FILTER (WHERE box IS NOT NULL),"
                        " count(*) FILTER (WHERE given_up_at > ?1) FROM letter"],
            now - mail::kGivenUpIsTold);
  rows.next();
  return {static_cast<int>(rows.integer(0)), rows.optional_time(1),
          static_cast<int>(rows.integer(2))};
}

void SqliteOutbox::forget(core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE letter SET box = NULL, given_up_at = ?1"
                   " WHERE box IS NOT NULL AND useful_until <= ?1"],
       now)
      .execute();
  Rows(statements_["DELETE FROM letter WHERE given_up_at <= ?1"], now - mail::kGivenUpIsTold)
      .execute();
}

}  // namespace sekisho::access
