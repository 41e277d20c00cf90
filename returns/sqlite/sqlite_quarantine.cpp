// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/sqlite/sqlite_quarantine.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "returns/sealed_facts.h"
#include "returns/sqlite/schema.h"

namespace sekisho::returns {
namespace {

using core::db::Rows;
using core::db::Transaction;

constexpr auto kImmediate = Transaction::Behavior::IMMEDIATE;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::int64_t kMostPieces = 65536;
/// How much is committed at once: what is larger comes in several transactions, so that the
/// write-ahead log stays small and others have their turn.
constexpr std::size_t kPiecesAtOnce = 16;
constexpr std::string_view kFactsUse = "facts";
constexpr std::string_view kKeyUse = "key";
constexpr std::string_view kDecisionUse = "decision";

/// What every reading of an upload begins with; the columns stand in the order of read().
constexpr std::string_view kSelect =
    "SELECT id, share, recipient, request, sop_class, size, facts, received_at, receipt, state,"
    " verdict, signature, scanned_at, decision, decided_at, failures, ended_at, deleted_at"
    " FROM upload ";
constexpr std::string_view kOpen = "state IN ('received', 'held', 'released')";

std::string select(std::string_view condition) { return std::string(kSelect).append(condition); }

[[noreturn]] void refuse_unreadable() {
  throw core::db::Error("returns.db holds an upload that cannot be read");
}

}  // namespace

SqliteQuarantine::SqliteQuarantine(const ReturnsPlace& place, ReturnsKey key, Room room)
    : key_(std::move(key)), room_(room), db_(open_database(place)), statements_(db_) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  db_.exec(
      "DELETE FROM piece WHERE place / 65536 IN (SELECT seq FROM upload WHERE state = 'arriving')");
  db_.exec("DELETE FROM upload WHERE state = 'arriving'");
  transaction.commit();
}

core::Sha256 SqliteQuarantine::name_of(const Upload& upload) const {
  return key_.name_of("instance",
                      core::as_bytes(upload.share.text() + '\n' + upload.key.series.series.str() +
                                     '\n' + upload.key.instance.str()));
}

core::Sha256 SqliteQuarantine::hash_of(core::ByteView part10) const {
  return key_.name_of("content", part10);
}

bool SqliteQuarantine::has_room(std::string_view recipient, std::uint64_t size) const {
  Rows held(statements_["SELECT coalesce(sum(size), 0), count(*),"
                        " coalesce(sum(size) FILTER (WHERE recipient = ?1), 0),"
                        " count(*) FILTER (WHERE recipient = ?1) FROM upload"
                        " WHERE deleted_at IS NULL"],
            recipient);
  held.next();
  const auto fits = [&](int column, std::uint64_t bytes, std::uint64_t objects) {
    const auto held_bytes = static_cast<std::uint64_t>(held.integer(column));
    const auto held_objects = static_cast<std::uint64_t>(held.integer(column + 1));
    return held_objects < objects && held_bytes <= bytes && size <= bytes - held_bytes;
  };
  return fits(0, room_.bytes, room_.objects) && fits(2, room_.bytes / 2, room_.objects / 2);
}

Entry SqliteQuarantine::ask_for(const Upload& upload, const core::Sha256& name,
                                const core::Sha256& hash) const {
  {
    Rows known(statements_["SELECT hash, state FROM upload WHERE name = ?1 AND state IN"
                           " ('arriving', 'received', 'held', 'released')"],
               core::ByteView(name));
    if (known.next()) {
      const bool is_in = known.text(1) != "arriving";
      return is_in && std::ranges::equal(known.bytes(0), hash) ? Entry::known : Entry::other;
    }
  }
  Rows apart(statements_["SELECT 1 FROM upload WHERE name = ?1 AND hash = ?2 AND state = 'apart'"],
             core::ByteView(name), core::ByteView(hash));
  if (apart.next()) return Entry::apart;
  return has_room(upload.sender.recipient_id, upload.size_bytes) ? Entry::free : Entry::full;
}

Entry SqliteQuarantine::ask(const Upload& upload, core::ByteView part10) const {
  const core::Sha256 name = name_of(upload);
  const core::Sha256 hash = hash_of(part10);
  const core::MutexLock lock(mutex_);
  return ask_for(upload, name, hash);
}

std::int64_t SqliteQuarantine::insert(const Upload& upload, const core::Sha256& name,
                                      const core::Sha256& hash, const ObjectKey& key) {
  Rows(statements_["INSERT INTO upload (id, share, recipient, request, sop_class, name, hash, size,"
                   " facts, received_at, receipt, key, state, next_at)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'arriving', ?10)"],
       upload.id, upload.share, std::string_view(upload.sender.recipient_id),
       std::string_view(upload.sender.request_id), std::string_view(upload.sop_class),
       core::ByteView(name), core::ByteView(hash), static_cast<std::int64_t>(upload.size_bytes),
       core::ByteView(key_.seal(kFactsUse, upload.id.text(), core::as_bytes(facts_of(upload)))),
       upload.received_at, std::string_view(upload.receipt),
       core::ByteView(key_.seal(kKeyUse, upload.id.text(), key.view())))
      .execute();
  return db_.getLastInsertRowid();
}

/// From piece `first` on, as many as are written at once.
void SqliteQuarantine::write(std::int64_t seq, const ObjectKey& key, std::uint64_t first,
                             core::ByteView part10) {
  for (std::uint64_t number = first; number < first + kPiecesAtOnce; ++number) {
    const std::uint64_t begin = number * kPieceBytes;
    if (begin >= part10.size()) return;
    const core::ByteView piece =
        part10.subspan(begin, std::min<std::size_t>(kPieceBytes, part10.size() - begin));
    Rows(statements_["INSERT INTO piece (place, box) VALUES (?1, ?2)"],
         seq * kMostPieces + static_cast<std::int64_t>(number),
         core::ByteView(key.seal(number, piece)))
        .execute();
  }
}

Entry SqliteQuarantine::receive(const Upload& upload, core::ByteView part10) {
  if (part10.size() != upload.size_bytes || part10.size() > kMostPieces * kPieceBytes) {
    throw core::db::Error("an object is not as large as it is said to be");
  }
  const core::Sha256 name = name_of(upload);
  const core::Sha256 hash = hash_of(part10);
  const ObjectKey key = ObjectKey::random();
  std::int64_t seq = 0;
  for (std::uint64_t first = 0;; first += kPiecesAtOnce) {
    const core::MutexLock lock(mutex_);
    try {
      Transaction transaction(db_, kImmediate);
      if (first == 0) {
        const Entry entry = ask_for(upload, name, hash);
        if (entry != Entry::free) return entry;
        seq = insert(upload, name, hash, key);
      }
      write(seq, key, first, part10);
      const bool is_whole = (first + kPiecesAtOnce) * kPieceBytes >= part10.size();
      if (is_whole) {
        Rows(statements_["UPDATE upload SET state = 'received' WHERE seq = ?1"], seq).execute();
      }
      transaction.commit();
      if (is_whole) return Entry::free;
    } catch (const core::db::Error&) {
      // What was committed of it before is noise that takes room.
      if (first > 0) {
        Transaction transaction(db_, kImmediate);
        Rows(statements_["DELETE FROM piece WHERE place BETWEEN ?1 * 65536 AND ?1 * 65536 + 65535"],
             seq)
            .execute();
        Rows(statements_["DELETE FROM upload WHERE seq = ?1"], seq).execute();
        transaction.commit();
      }
      throw;
    }
  }
}

Upload SqliteQuarantine::read(const Rows& rows) const {
  Upload upload;
  upload.id = core::db::read_id<UploadId>(rows, 0);
  const std::string facts(core::as_text(key_.open(kFactsUse, upload.id.text(), rows.bytes(6))));
  read_facts(facts, upload);
  upload.share = core::db::read_id<sharing::ShareId>(rows, 1);
  upload.sender.recipient_id = rows.text(2);
  upload.sender.request_id = rows.text(3);
  upload.sop_class = rows.text(4);
  upload.size_bytes = static_cast<std::uint64_t>(rows.integer(5));
  upload.received_at = rows.time(7);
  upload.receipt = rows.text(8);
  const auto state = parse_state(rows.text(9));
  if (!state) refuse_unreadable();
  upload.state = *state;
  if (!rows.is_null(10)) {
    const auto verdict = parse_verdict(rows.text(10));
    if (!verdict) refuse_unreadable();
    upload.scan = Scan{*verdict, rows.text(11), rows.time(12)};
  }
  if (!rows.is_null(13)) {
    const std::string text(
        core::as_text(key_.open(kDecisionUse, upload.id.text(), rows.bytes(13))));
    const std::size_t end = std::min(text.find('\n'), text.size());
    upload.decision =
        Decision{text.substr(0, end), text.substr(std::min(end + 1, text.size())), rows.time(14)};
  }
  upload.failures = static_cast<int>(rows.integer(15));
  upload.ended_at = rows.optional_time(16);
  upload.deleted_at = rows.optional_time(17);
  return upload;
}

std::vector<Upload> SqliteQuarantine::read_all(Rows& rows) const {
  std::vector<Upload> all;
  while (rows.next()) all.push_back(read(rows));
  return all;
}

std::optional<Upload> SqliteQuarantine::find_open(const Upload& upload) const {
  const core::Sha256 name = name_of(upload);
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[select("WHERE name = ?1 AND ").append(kOpen)], core::ByteView(name));
  if (!rows.next()) return std::nullopt;
  return read(rows);
}

std::optional<Upload> SqliteQuarantine::find(const UploadId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[select("WHERE id = ?1 AND state <> 'arriving'")], id);
  if (!rows.next()) return std::nullopt;
  return read(rows);
}

std::optional<core::ByteBuffer> SqliteQuarantine::content(const UploadId& id) const {
  std::int64_t seq = 0;
  std::uint64_t size = 0;
  std::optional<ObjectKey> key;
  {
    const core::MutexLock lock(mutex_);
    Rows rows(statements_["SELECT seq, size, key FROM upload WHERE id = ?1 AND key IS NOT NULL"
                          " AND state <> 'arriving'"],
              id);
    if (!rows.next()) return std::nullopt;
    seq = rows.integer(0);
    size = static_cast<std::uint64_t>(rows.integer(1));
    key.emplace(core::Secret(key_.open(kKeyUse, id.text(), rows.bytes(2))));
  }
  core::ByteBuffer whole(size);
  for (std::uint64_t number = 0; whole.size() < size; ++number) {
    const core::MutexLock lock(mutex_);
    Rows rows(statements_["SELECT box FROM piece WHERE place = ?1"],
              seq * kMostPieces + static_cast<std::int64_t>(number));
    if (!rows.next()) return std::nullopt;  // deleted meanwhile
    whole.append(key->open(number, rows.bytes(0)));
  }
  if (whole.size() != size) refuse_unreadable();
  return whole;
}

std::vector<Upload> SqliteQuarantine::list(const UploadFilter& filter) const {
  const bool newest_first = filter.order == sharing::ListOrder::newest_first;
  std::string sql = select(
      "WHERE state <> 'arriving' AND (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR share = ?2)"
      " AND (?3 IS NULL OR recipient = ?3) AND (?4 IS NULL OR request = ?4)"
      " AND (?5 IS NULL OR received_at >= ?5) AND (?6 IS NULL OR received_at < ?6)");
  if (!filter.after.empty()) {
    sql += newest_first ? " AND seq < (SELECT seq FROM upload WHERE id = ?7)"
                        : " AND seq > (SELECT seq FROM upload WHERE id = ?7)";
  } else {
    sql += " AND ?7 = ''";
  }
  sql += newest_first ? " ORDER BY seq DESC LIMIT ?8" : " ORDER BY seq LIMIT ?8";
  std::optional<std::string_view> state;
  if (filter.state) state = name(*filter.state);
  std::optional<std::string_view> request;
  if (filter.request) request = *filter.request;
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[sql], state, filter.share, filter.recipient, request, filter.since,
            filter.until, filter.after, static_cast<std::int64_t>(filter.limit));
  return read_all(rows);
}

std::vector<Upload> SqliteQuarantine::open_of(const sharing::ShareId& share) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[select("WHERE share = ?1 AND ").append(kOpen).append(" ORDER BY seq")],
            share);
  return read_all(rows);
}

std::vector<UploadId> SqliteQuarantine::due(core::Time now, int limit) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT id FROM upload WHERE state IN ('received', 'released')"
                        " AND next_at <= ?1 ORDER BY next_at, seq LIMIT ?2"],
            now, static_cast<std::int64_t>(limit));
  std::vector<UploadId> ids;
  while (rows.next()) ids.push_back(core::db::read_id<UploadId>(rows, 0));
  return ids;
}

void SqliteQuarantine::put_off(const UploadId& id, core::Time again_at) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE upload SET failures = failures + 1, next_at = ?2 WHERE id = ?1"], id,
       again_at)
      .execute();
}

void SqliteQuarantine::scanned(const UploadId& id, const Scan& scan) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE upload SET verdict = ?2, signature = ?3, scanned_at = ?4 WHERE id = ?1"],
       id, name(scan.verdict), std::string_view(scan.signature), scan.scanned_at)
      .execute();
}

bool SqliteQuarantine::move(const UploadId& id, State from, State to, const Decision& decision) {
  const std::string text = decision.by + '\n' + decision.reason;
  std::optional<core::Time> ended;
  if (is_final(to)) ended = decision.decided_at;
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int moved =
      Rows(statements_["UPDATE upload SET state = ?3, decision = ?4, decided_at = ?5, next_at = ?5,"
                       " failures = 0, ended_at = ?6 WHERE id = ?1 AND state = ?2"],
           id, name(from), name(to),
           core::ByteView(key_.seal(kDecisionUse, id.text(), core::as_bytes(text))),
           decision.decided_at, ended)
          .execute();
  if (moved == 0) return false;
  if (to == State::stored) destroy(id, decision.decided_at);
  transaction.commit();
  return true;
}

std::vector<Upload> SqliteQuarantine::overdue(core::Time ended_before, int limit) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[select("WHERE key IS NOT NULL AND state IN ('apart', 'rejected')"
                               " AND ended_at < ?1 ORDER BY ended_at LIMIT ?2")],
            ended_before, static_cast<std::int64_t>(limit));
  return read_all(rows);
}

void SqliteQuarantine::destroy(const UploadId& id, core::Time now) {
  Rows(statements_["DELETE FROM piece WHERE place BETWEEN"
                   " (SELECT seq FROM upload WHERE id = ?1) * 65536 AND"
                   " (SELECT seq FROM upload WHERE id = ?1) * 65536 + 65535"],
       id)
      .execute();
  Rows(statements_["UPDATE upload SET key = NULL, deleted_at = ?2 WHERE id = ?1 AND key IS NOT"
                   " NULL"],
       id, now)
      .execute();
}

void SqliteQuarantine::erase(const UploadId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  destroy(id, now);
  transaction.commit();
}

void SqliteQuarantine::forget(core::Time ended_before) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["DELETE FROM upload WHERE key IS NULL AND ended_at < ?1"], ended_before)
      .execute();
}

Count SqliteQuarantine::count() const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_
                ["SELECT count(*) FILTER (WHERE state IN ('received', 'released')),"
                 " count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'apart'),"
                 " min(received_at) FILTER (WHERE state IN ('received', 'released')),"
                 " coalesce(sum(size), 0), count(*) FROM upload WHERE key IS NOT NULL"]);
  rows.next();
  return {static_cast<int>(rows.integer(0)),           static_cast<int>(rows.integer(1)),
          static_cast<int>(rows.integer(2)),           rows.optional_time(3),
          static_cast<std::uint64_t>(rows.integer(4)), static_cast<std::uint64_t>(rows.integer(5))};
}

}  // namespace sekisho::returns
