// SPDX-License-Identifier: GPL-3.0-or-later
// One bit changed, anywhere: no part of the log can be bent unnoticed.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

#include "audit/keys/key_files.h"
#include "audit/store/log_reader.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;
using test::an_outcome;
using test::Superuser;

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::size_t key;  ///< so many columns, the first ones, are its primary key
};

/// All that verify() answers for. The two columns of audit_key that are left out say nothing about
/// an access: see WhoReadsTheText.
const std::vector<Table> kTables = {
    {"audit_entry", {"seq", "entry", "aside"}, 1},
    {"audit_object", {"span", "hash", "kind", "seq"}, 4},
    {"audit_head", {"id", "size", "root", "edge", "checkpoint"}, 1},
    {"audit_key", {"id", "kind", "hash", "seq"}, 1},
    {"audit_tile", {"level", "place", "hashes"}, 2},
};

/// The value of one column of one row.
struct Cell {
  int type;  ///< SQLITE_INTEGER, SQLITE_TEXT or SQLITE_BLOB
  std::int64_t number;
  std::string bytes;

  static Cell of(const SQLite::Column& column) {
    Cell cell{column.getType(), 0, {}};
    if (column.isInteger()) {
      cell.number = column.getInt64();
    } else {
      cell.bytes.assign(static_cast<const char*>(column.getBlob()),
                        static_cast<std::size_t>(column.getBytes()));
    }
    return cell;
  }
  void bind(core::db::Statement& statement, int index) const {
    if (type == SQLITE_INTEGER) {
      statement.bind(index, number);
    } else if (type == SQLITE_TEXT) {
      statement.bind(index, bytes);
    } else {
      statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
    }
  }
  std::size_t size() const { return type == SQLITE_INTEGER ? sizeof number : bytes.size(); }
  Cell flipped(std::size_t byte, unsigned bit) const {
    Cell cell = *this;
    if (type == SQLITE_INTEGER) {
      cell.number ^= static_cast<std::int64_t>(std::uint64_t{1} << (8 * byte + bit));
    } else {
      cell.bytes[byte] = static_cast<char>(cell.bytes[byte] ^ (1 << bit));
    }
    return cell;
  }
};

using Row = std::vector<Cell>;

/// Changes cells of a log whose triggers are out of the way, and asks verify() about each.
class Flipper {
 public:
  explicit Flipper(const ALog& log) : log_(log), superuser_(log.place().database) {
    untouched_ = log_.verdict().problems;  // that the triggers are missing
  }

  std::vector<Row> rows(const Table& table) {
    std::vector<Row> all;
    core::db::Statement select(superuser_.database(),
                               "SELECT " + listed(table.columns, ", ") + " FROM " + table.name);
    while (select.executeStep()) {
      Row row;
      for (int i = 0; i < select.getColumnCount(); ++i)
        row.push_back(Cell::of(select.getColumn(i)));
      all.push_back(std::move(row));
    }
    return all;
  }

  void expect_found(const Table& table, const Row& row, std::size_t column, std::size_t byte) {
    const Cell changed = row[column].flipped(byte, random_() % 8);
    Row after = row;
    after[column] = changed;
    if (!put(table, row, column, changed)) return;  // such a row is there already
    ++flips_;
    EXPECT_NE(log_.verdict().problems, untouched_)
        << table.name << "." << table.columns[column] << ", byte " << byte;
    ASSERT_TRUE(put(table, after, column, row[column]));
  }

  std::size_t flips() const { return flips_; }
  std::mt19937& random() { return random_; }
  const std::vector<std::string>& untouched() const { return untouched_; }

 private:
  static std::string listed(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
  }
  bool put(const Table& table, const Row& row, std::size_t column, const Cell& cell) {
    const std::vector<std::string> key(table.columns.begin(),
                                       table.columns.begin() + static_cast<long>(table.key));
    core::db::Statement update(superuser_.database(), "UPDATE " + table.name + " SET " +
                                                          table.columns[column] + " = ? WHERE " +
                                                          listed(key, " = ? AND ") + " = ?");
    cell.bind(update, 1);
    for (std::size_t i = 0; i < table.key; ++i) row[i].bind(update, static_cast<int>(i) + 2);
    return update.tryExecuteStep() == SQLITE_DONE;
  }

  const ALog& log_;
  Superuser superuser_;
  std::vector<std::string> untouched_;
  std::mt19937 random_{4};
  std::size_t flips_ = 0;
};

void fill(const ALog& a_log) {
  const auto log = a_log.open();
  const Receipt intent = log->append(a_transfer("P1001", "1.2.3"));
  log->append(an_outcome(intent.seq()));
  log->append(Event{});
}

TEST(ByteFlip, OfEveryByteOfEveryColumnIsFound) {
  const ALog log;
  fill(log);
  Flipper flipper(log);
  for (const Table& table : kTables) {
    for (const Row& row : flipper.rows(table)) {
      for (std::size_t column = 0; column < row.size(); ++column) {
        for (std::size_t byte = 0; byte < row[column].size(); ++byte) {
          flipper.expect_found(table, row, column, byte);
        }
      }
    }
  }
  EXPECT_GT(flipper.flips(), 2'500U);
  EXPECT_EQ(log.verdict().problems, flipper.untouched()) << "all is as it was";
}

TEST(ByteFlip, OfTilesIsFound) {
  const ALog log;
  {
    const auto opened = log.open();
    for (int i = 0; i < 600; ++i) opened->append_later(a_transfer("P" + std::to_string(i % 20)));
    opened->flush();
  }
  Flipper flipper(log);
  const Table& tiles = kTables.back();
  const std::vector<Row> rows = flipper.rows(tiles);
  ASSERT_EQ(rows.size(), 3U);
  for (const Row& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      for (int i = 0; i < 16; ++i) {
        flipper.expect_found(tiles, row, column, flipper.random()() % row[column].size());
      }
    }
  }
}

/// Every value of every table of ours.
std::string content_of(const std::filesystem::path& file) {
  core::db::Database database = core::db::open_read_only(file);
  std::string content;
  for (const char* select : {"SELECT seq, entry, aside FROM audit_entry",
                             "SELECT span, hash, kind, seq FROM audit_object",
                             "SELECT id, size, root, edge, checkpoint FROM audit_head",
                             "SELECT id, kind, hash, seq FROM audit_key",
                             "SELECT level, place, hashes FROM audit_tile"}) {
    core::db::Statement all(database, select);
    while (all.executeStep()) {
      for (int i = 0; i < all.getColumnCount(); ++i) content += all.getColumn(i).getString() + '\n';
    }
  }
  return content;
}

bool is_found(const ALog& log) {
  try {
    return !log.verdict().sound();
  } catch (const AuditError&) {
    return true;  // it cannot even be read
  }
}

TEST(ByteFlip, InTheFileItselfIsFoundWhereItChangesAnything) {
  const ALog log;
  fill(log);
  const std::filesystem::path file = log.place().database;
  const std::string good = test::read_file(file);
  const std::string content = content_of(file);
  std::mt19937 random(4);
  int found = 0;
  for (int i = 0; i < 800; ++i) {
    std::string bad = good;
    const std::size_t at = random() % bad.size();
    bad[at] = static_cast<char>(bad[at] ^ (1 << (random() % 8)));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bad;
    if (is_found(log)) {
      ++found;
    } else {
      ASSERT_EQ(content_of(file), content) << "byte " << at;
    }
  }
  EXPECT_GT(found, 50) << "the rest is free space and what only speeds up look-ups";
  std::ofstream(file, std::ios::binary | std::ios::trunc) << good;
  EXPECT_FALSE(is_found(log));
}

/// Without the wrapping key nobody can tell a wrapped key from noise: to damage one destroys text,
/// as to empty it does, and changes no record of an access.
TEST(ByteFlip, OfAWrappedKeyIsFoundByWhoReadsTheText) {
  const ALog log;
  fill(log);
  log.tamper("UPDATE audit_key SET wrapped = zeroblob(length(wrapped)) WHERE kind = 1");
  EXPECT_TRUE(log.verdict().sound());
  LogReader reader(log.place().database);
  TextReader text(log.place().database, WrappingKey(read_secret_key(log.place().wrapping_key)));
  EXPECT_THROW(text.open(reader.entry(1)->entry), AuditError);
}

TEST(ByteFlip, OfAWrappingKeysIdKeepsTheServiceShut) {
  const ALog log;
  fill(log);
  log.tamper("UPDATE audit_key SET wrapping = zeroblob(16) WHERE kind = 1");
  EXPECT_THROW(log.open(), AuditError);
}

}  // namespace
}  // namespace sekisho::audit
