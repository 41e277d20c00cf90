// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <filesystem>

namespace sekisho::core::db {

/// A connection to an SQLite file of ours. One thread at a time.
using Database = SQLite::Database;
using Statement = SQLite::Statement;
using Transaction = SQLite::Transaction;
/// What every database failure throws.
using Error = SQLite::Exception;

/// Opens or creates `file` (mode 0600) with WAL, synchronous=FULL, foreign keys and a busy timeout
/// of 5 s: what a committed transaction wrote survives a power cut. Throws Error, or
/// std::system_error when the file itself cannot be made.
Database open(const std::filesystem::path& file);

/// Opens an existing file for reading only. Throws Error.
Database open_read_only(const std::filesystem::path& file);

/// Moves what was committed into the database file and cuts the write-ahead log to nothing: older
/// forms of its pages are gone with it. Throws Error if another connection reads for longer than
/// the busy timeout.
void empty_write_ahead_log(Database& database);

}  // namespace sekisho::core::db
