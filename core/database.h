// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/bytes.h"
#include "core/database_error.h"
#include "core/thread.h"

namespace sekisho::core::db {

/// A failure of SQLite, in its words for that kind of failure; or, with a text alone, what a store
/// on it has to say itself. Contracts of stores know it as DatabaseError.
class Error : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
  explicit Error(const SQLite::Exception& failure)
      : DatabaseError(failure.getErrorCode() == -1 ? failure.what() : failure.getErrorStr()),
        code_(failure.getExtendedErrorCode()) {}
  /// SQLite's extended result code; -1 with a text alone.
  int code() const { return code_; }

 private:
  int code_ = -1;
};

/// What `step` gives, and Error for what SQLiteCpp throws in it.
template <class Step>
decltype(auto) translated(Step step) {
  try {
    return step();
  } catch (const SQLite::Exception& failure) {
    throw Error(failure);
  }
}

// SQLiteCpp's, whose failures are Error: each method is its own, translated.
// NOLINTBEGIN(bugprone-derived-method-shadowing-base-method)

/// A connection to an SQLite file of ours. One thread at a time.
class Database : public SQLite::Database {
 public:
  Database(const std::string& file, int flags, int busy_timeout_ms = 0)
      : SQLite::Database(
            translated([&] { return SQLite::Database(file, flags, busy_timeout_ms); })) {}
  int exec(const std::string& sql) {
    return translated([&] { return SQLite::Database::exec(sql); });
  }
  SQLite::Column execAndGet(const std::string& sql) {
    return translated([&] { return SQLite::Database::execAndGet(sql); });
  }
};

class Statement : public SQLite::Statement {
 public:
  Statement(const Database& database, const std::string& sql)
      : SQLite::Statement(translated([&] { return SQLite::Statement(database, sql); })) {}
  template <class... Values>
  void bind(int index, const Values&... values) {
    translated([&] { SQLite::Statement::bind(index, values...); });
  }
  bool executeStep() {
    return translated([&] { return SQLite::Statement::executeStep(); });
  }
  int exec() {
    return translated([&] { return SQLite::Statement::exec(); });
  }
  void reset() {
    translated([&] { SQLite::Statement::reset(); });
  }
};

/// Rolled back where it was not committed. Does not outlive its connection.
class Transaction : public SQLite::Transaction {
 public:
  using Behavior = SQLite::TransactionBehavior;
  explicit Transaction(Database& database, Behavior behavior = Behavior::DEFERRED) try : SQLite
    ::Transaction(database, behavior) {}
  catch (const SQLite::Exception& failure) {
    throw Error(failure);
  }
  void commit() {
    translated([&] { SQLite::Transaction::commit(); });
  }
};

// NOLINTEND(bugprone-derived-method-shadowing-base-method)

/// Opens or creates `file` (mode 0600) with WAL, synchronous=FULL, foreign keys and a busy timeout
/// of 5 s: what a committed transaction wrote survives a power cut. Throws Error, or
/// std::system_error when the file itself cannot be made.
Database open(const std::filesystem::path& file);

/// Has on the disk whatever can be read of the write-ahead log of `file`, as far as there is one:
/// before the first connection to a file that nobody else writes to. Where a sync failed, Linux
/// shows what was written and never writes it again: the next process would take it for committed,
/// build on it, and lose all of that when the power goes. Throws Error.
void settle_write_ahead_log(const std::filesystem::path& file);

/// Opens an existing file for reading only. Throws Error.
Database open_read_only(const std::filesystem::path& file);

/// Whether what refused to read passes by itself: see begin_to_read().
bool is_momentary(const Error& refusal);
inline constexpr int kMostTriesToRead = 1000;
inline constexpr std::chrono::milliseconds kPauseBetweenTries{1};

/// What `read` gives, which begins to read and may be called again. Who may not write to the memory
/// that all connections share (-shm) and meets a writer in the middle of it takes what stands there
/// for what a crash left, which only a writer may mend: SQLite refuses as if reading were writing.
/// A moment later it is whole again.
template <class Read>
auto begin_to_read(const Read& read) {
  for (int tries = 0;; ++tries) {
    try {
      return read();
    } catch (const Error& refusal) {
      if (!is_momentary(refusal) || tries == kMostTriesToRead) throw;
    }
    pause_for(kPauseBetweenTries, {});
  }
}

/// What stands in a column, text or blob, until its statement moves on.
inline ByteView bytes_of(const SQLite::Column& column) {
  return {static_cast<const Byte*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}
/// The number in a column that holds nothing else; -1 where somebody tampered with the record so
/// that it is none (SQLite reads that as 0).
inline std::int64_t number_in(const SQLite::Column& column) {
  return column.isInteger() ? column.getInt64() : -1;
}
/// As a blob, which is not copied: `bytes` stay until the statement has run.
inline void bind_bytes(Statement& statement, int index, ByteView bytes) {
  statement.bindNoCopy(index, bytes.data(), static_cast<int>(bytes.size()));
}

/// Moves what was committed into the database file and cuts the write-ahead log to nothing: older
/// forms of its pages are gone with it. Throws Error if another connection reads for longer than
/// the busy timeout.
void empty_write_ahead_log(Database& database);

}  // namespace sekisho::core::db
