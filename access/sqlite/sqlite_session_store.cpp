// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/sqlite_session_store.h"

#include "access/sqlite/schema.h"

namespace sekisho::access {
namespace {

using core::db::read_id;
using core::db::Rows;
using core::db::Transaction;

constexpr auto kImmediate = Transaction::Behavior::IMMEDIATE;
constexpr std::int64_t kIpv4 = 4;
constexpr std::int64_t kIpv6 = 6;
constexpr std::string_view kOwn = "own";
constexpr std::string_view kProvider = "provider";

/// What read_session() reads.
constexpr std::string_view kSelectSession =
    "SELECT id, recipient, person, share, level, family, source, user_agent, begun_at, used_at,"
    " began_by FROM session";

Session read_session(const Rows& rows) {
  Session session;
  session.id = read_id<SessionId>(rows, 0);
  session.recipient = rows.text(1);
  if (!rows.is_null(2)) session.person = read_id<PersonId>(rows, 2);
  session.share = rows.text(3);
  const auto level = parse_level(rows.text(4));
  if (!level) throw core::db::Error("access.db holds a level that is none");
  session.level = *level;
  session.family = rows.integer(5) == kIpv6 ? AddressFamily::ipv6 : AddressFamily::ipv4;
  session.source = rows.text(6);
  session.user_agent = rows.text(7);
  session.begun_at = rows.time(8);
  session.used_at = rows.time(9);
  session.began_by = rows.text(10) == kProvider ? BeganBy::provider : BeganBy::own;
  return session;
}

/// A session from the future is none: the clock was set back, and nobody knows how old it is.
bool is_over(const Session& session, core::Time now) {
  return now >= ends_at(session) || now + kAbsoluteLimit < session.begun_at;
}

}  // namespace

SqliteSessionStore::SqliteSessionStore(const AccessPlace& place)
    : db_(open_database(place)), statements_(db_) {}

bool SqliteSessionStore::begin(const Session& session, const core::Sha256& hash) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (session.person) {
    Rows person(statements_["SELECT 1 FROM person WHERE id = ?1 AND disabled_at IS NULL"],
                *session.person);
    if (!person.next()) return false;
  }
  Rows(statements_["INSERT INTO session (id, hash, recipient, person, share, level, family, source,"
                   " user_agent, begun_at, used_at, began_by)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"],
       session.id, hash, session.recipient, session.person, session.share, name(session.level),
       session.family == AddressFamily::ipv6 ? kIpv6 : kIpv4, session.source, session.user_agent,
       session.begun_at, session.used_at, session.began_by == BeganBy::provider ? kProvider : kOwn)
      .execute();
  if (session.person) {
    Rows(statements_["DELETE FROM session WHERE person = ?1 AND id <> ?2 AND seq NOT IN"
                     " (SELECT seq FROM session WHERE person = ?1 AND id <> ?2"
                     " ORDER BY used_at DESC, seq DESC LIMIT ?3)"],
         *session.person, session.id, kMostSessions - 1)
        .execute();
  }
  transaction.commit();
  return true;
}

std::optional<Session> SqliteSessionStore::find(const core::Sha256& hash, core::Time now) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectSession) + " WHERE hash = ?1"], hash);
  if (!rows.next()) return std::nullopt;
  Session session = read_session(rows);
  if (is_over(session, now)) return std::nullopt;
  return session;
}

void SqliteSessionStore::note_use(const SessionId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE session SET used_at = ?2 WHERE id = ?1 AND used_at < ?2"
                   " AND used_at > ?3 AND begun_at > ?4"],
       id, now, now - kIdleLimit, now - kAbsoluteLimit)
      .execute();
}

std::vector<Session> SqliteSessionStore::of_person(const PersonId& person, core::Time now) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectSession) + " WHERE person = ?1 ORDER BY seq"], person);
  std::vector<Session> sessions;
  while (rows.next()) {
    Session session = read_session(rows);
    if (!is_over(session, now)) sessions.push_back(std::move(session));
  }
  return sessions;
}

bool SqliteSessionStore::end(const SessionId& id) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["DELETE FROM session WHERE id = ?1"], id).execute() == 1;
}

int SqliteSessionStore::end_all(const PersonId& person) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["DELETE FROM session WHERE person = ?1"], person).execute();
}

bool SqliteSessionStore::enter(const SessionId& id, std::string_view share, int most) {
  const core::MutexLock lock(mutex_);
  {
    Rows known(statements_["SELECT 1 FROM share_session WHERE share = ?1 AND session = ?2"], share,
               id);
    if (known.next()) return true;
  }
  if (most <= 0) return false;  // no statement that would wait for whoever writes
  return Rows(statements_["INSERT INTO share_session (share, session) SELECT ?1, ?2"
                          " WHERE (SELECT count(*) FROM share_session WHERE share = ?1) < ?3"
                          " ON CONFLICT (share, session) DO NOTHING"],
              share, id, most)
             .execute() == 1;
}

void SqliteSessionStore::forget(core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["DELETE FROM session WHERE used_at <= ?1 OR begun_at <= ?2"], now - kIdleLimit,
       now - kAbsoluteLimit)
      .execute();
}

}  // namespace sekisho::access
