// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/sqlite/sqlite_stored_log.h"

#include <utility>

#include "audit/sqlite/schema.h"

namespace sekisho::audit {
namespace {

using core::db::bind_bytes;
using core::db::bytes_of;
using core::db::number_in;
using core::db::Statement;

core::Bytes copied(const SQLite::Column& column) {
  const core::ByteView bytes = bytes_of(column);
  return {bytes.begin(), bytes.end()};
}

std::string text_in(const SQLite::Column& column) {
  return std::string(core::as_text(bytes_of(column)));
}

std::uint64_t unsigned_in(const SQLite::Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

void bind(Statement& statement, int index, const Subject& subject) {
  bind_bytes(statement, index, subject.hash);
  statement.bind(index + 1, static_cast<int>(subject.kind));
}

}  // namespace

/// One run of a statement: ends the transaction that a SELECT is, however its member is left.
class SqliteStoredLog::Query {
 public:
  explicit Query(Statement& statement) : statement_(statement) {}
  ~Query() { statement_.tryReset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Statement& operator*() { return statement_; }
  Statement* operator->() { return &statement_; }
  bool next() {
    if (has_begun_) return statement_.executeStep();
    has_begun_ = true;
    return core::db::begin_to_read([this] {
      statement_.tryReset();
      return statement_.executeStep();
    });
  }
  SQLite::Column column(int index) { return statement_.getColumn(index); }

 private:
  Statement& statement_;
  bool has_begun_ = false;
};

class SqliteStoredLog::HeldState : public Snapshot {
 public:
  explicit HeldState(core::db::Database& database) : database_(database) {
    database.exec("BEGIN");
    // The first reading is what fixes it.
    core::db::begin_to_read([&] { database.execAndGet("SELECT count(*) FROM audit_head"); });
  }
  ~HeldState() override { database_.tryExec("ROLLBACK"); }
  HeldState(const HeldState&) = delete;
  HeldState& operator=(const HeldState&) = delete;

 private:
  core::db::Database& database_;
};

SqliteStoredLog::SqliteStoredLog(core::db::Database database)
    : own_(std::move(database)), database_(*own_) {}

SqliteStoredLog::Query SqliteStoredLog::query(std::string_view sql) {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) return Query(known->second);
  return core::db::begin_to_read([&] {  // the schema, if nothing was read yet
    return Query(prepared_.try_emplace(sql, database_, std::string(sql)).first->second);
  });
}

std::uint64_t SqliteStoredLog::number(std::string_view sql) {
  Query found = query(sql);
  found.next();
  return unsigned_in(found.column(0));
}

std::unique_ptr<StoredLog::Snapshot> SqliteStoredLog::hold() {
  return std::make_unique<HeldState>(database_);
}

std::vector<StoredLog::Head> SqliteStoredLog::heads() {
  Query found = query("SELECT size, root, edge, checkpoint FROM audit_head ORDER BY id");
  std::vector<Head> heads;
  while (found.next()) {
    heads.push_back({found.column(0).getInt64(), copied(found.column(1)), copied(found.column(2)),
                     text_in(found.column(3))});
  }
  return heads;
}

void SqliteStoredLog::read_entries(const Range& range, const TakeEntry& take) {
  const bool ascending = range.order == Order::ascending;
  Query found = range.containing.empty()
                    ? query(ascending ? "SELECT seq, entry, aside FROM audit_entry"
                                        " WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3"
                                      : "SELECT seq, entry, aside FROM audit_entry"
                                        " WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3")
                    : query(ascending ? "SELECT seq, entry, aside FROM audit_entry"
                                        " WHERE seq >= ?1 AND seq <= ?2 AND instr(entry, ?4) > 0"
                                        " ORDER BY seq LIMIT ?3"
                                      : "SELECT seq, entry, aside FROM audit_entry"
                                        " WHERE seq >= ?1 AND seq <= ?2 AND instr(entry, ?4) > 0"
                                        " ORDER BY seq DESC LIMIT ?3");
  found->bind(1, range.first);
  found->bind(2, range.last);
  found->bind(3, range.limit);
  if (!range.containing.empty()) found->bind(4, std::string(range.containing));
  while (found.next()) {
    take(found.column(0).getInt64(), {bytes_of(found.column(1)), bytes_of(found.column(2))});
  }
}

std::optional<StoredEntry> SqliteStoredLog::entry(std::uint64_t seq) {
  Query found = query("SELECT entry, aside FROM audit_entry WHERE seq = ?");
  found->bind(1, static_cast<std::int64_t>(seq));
  if (!found.next()) return std::nullopt;
  return StoredEntry{text_in(found.column(0)), text_in(found.column(1))};
}

void SqliteStoredLog::read_index(IndexOrder order,
                                 const std::function<void(const IndexRow&)>& take) {
  Query found = query(order == IndexOrder::as_stored
                          ? "SELECT span, hash, kind, seq FROM audit_object"
                          : "SELECT span, hash, kind, seq FROM audit_object ORDER BY seq");
  while (found.next()) {
    take({number_in(found.column(0)), bytes_of(found.column(1)), number_in(found.column(2)),
          number_in(found.column(3))});
  }
}

bool SqliteStoredLog::has_index_row(std::uint64_t span, const Subject& subject, std::int64_t seq) {
  Query found =
      query("SELECT 1 FROM audit_object WHERE span = ?1 AND hash = ?2 AND kind = ?3 AND seq = ?4");
  found->bind(1, static_cast<std::int64_t>(span));
  bind(*found, 2, subject);
  found->bind(4, seq);
  return found.next();
}

std::vector<std::uint64_t> SqliteStoredLog::places(std::uint64_t span, const Subject& subject,
                                                   const Range& range) {
  Query found =
      query(range.order == Order::ascending
                ? "SELECT seq FROM audit_object WHERE span = ?1 AND hash = ?2 AND kind = ?3"
                  " AND seq >= ?4 AND seq <= ?5 ORDER BY seq LIMIT ?6"
                : "SELECT seq FROM audit_object WHERE span = ?1 AND hash = ?2 AND kind = ?3"
                  " AND seq >= ?4 AND seq <= ?5 ORDER BY seq DESC LIMIT ?6");
  found->bind(1, static_cast<std::int64_t>(span));
  bind(*found, 2, subject);
  found->bind(4, range.first);
  found->bind(5, range.last);
  found->bind(6, range.limit);
  std::vector<std::uint64_t> places;
  while (found.next()) places.push_back(unsigned_in(found.column(0)));
  return places;
}

std::uint64_t SqliteStoredLog::count(std::uint64_t span, const Subject& subject) {
  Query found =
      query("SELECT count(*) FROM audit_object WHERE span = ?1 AND hash = ?2 AND kind = ?3");
  found->bind(1, static_cast<std::int64_t>(span));
  bind(*found, 2, subject);
  found.next();
  return unsigned_in(found.column(0));
}

namespace {

StoredLog::Key read_key(const Statement& row) {
  StoredLog::Key key{copied(row.getColumn(0)), number_in(row.getColumn(1)),
                     copied(row.getColumn(2)), number_in(row.getColumn(3)), std::nullopt};
  if (!row.isColumnNull(4)) key.wrapped = copied(row.getColumn(4));
  return key;
}

}  // namespace

std::optional<StoredLog::Key> SqliteStoredLog::key(const Bits128& id) {
  Query found = query("SELECT id, kind, hash, seq, wrapped FROM audit_key WHERE id = ?");
  bind_bytes(*found, 1, id);
  if (!found.next()) return std::nullopt;
  return read_key(*found);
}

std::optional<StoredLog::Key> SqliteStoredLog::live_key(const Subject& subject) {
  Query found = query(
      "SELECT id, kind, hash, seq, wrapped FROM audit_key"
      " WHERE hash = ?1 AND kind = ?2 AND wrapped IS NOT NULL");
  bind(*found, 1, subject);
  if (!found.next()) return std::nullopt;
  return read_key(*found);
}

bool SqliteStoredLog::has_keys_wrapped_otherwise(const Bits128& wrapping) {
  Query found =
      query("SELECT 1 FROM audit_key WHERE wrapped IS NOT NULL AND wrapping <> ? LIMIT 1");
  bind_bytes(*found, 1, wrapping);
  return found.next();
}

std::uint64_t SqliteStoredLog::count_keys_of_entries() {
  return number(
      "SELECT count(*) FROM audit_key WHERE seq >= (SELECT coalesce(max(before), 0)"
      " FROM audit_pruned) OR seq IN (SELECT seq FROM audit_entry)");
}

std::optional<core::Bytes> SqliteStoredLog::tile(TileId tile) {
  Query found = query("SELECT hashes FROM audit_tile WHERE level = ? AND place = ?");
  found->bind(1, static_cast<int>(tile.level));
  found->bind(2, static_cast<std::int64_t>(tile.place));
  if (!found.next()) return std::nullopt;
  return copied(found.column(0));
}

std::uint64_t SqliteStoredLog::count_tiles() { return number("SELECT count(*) FROM audit_tile"); }

std::optional<StoredLog::Boundary> SqliteStoredLog::pruned() {
  Query found = query("SELECT before, seq FROM audit_pruned ORDER BY before DESC LIMIT 1");
  if (!found.next()) return std::nullopt;
  return Boundary{unsigned_in(found.column(0)), unsigned_in(found.column(1))};
}

std::map<Subject, std::uint64_t> SqliteStoredLog::holds() {
  Query found = query("SELECT hash, kind, seq FROM audit_hold");
  std::map<Subject, std::uint64_t> holds;
  while (found.next()) {
    holds.emplace(subject_in(found.column(0), found.column(1)), unsigned_in(found.column(2)));
  }
  return holds;
}

std::vector<std::string> SqliteStoredLog::structure_problems() {
  return schema_problems(database_);
}

}  // namespace sekisho::audit
