// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/database.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "core/at_rest.h"
#include "core/create.h"
#include "core/encoding.h"
#include "core/mutex.h"

namespace sekisho::core::db {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr mode_t kOwnerOnly = 0600;

/// SQLite gives its -wal and -shm files the mode of the main file, and its owner where root makes
/// them, so only that one needs care. A file that is there is not touched: to close any descriptor
/// of it would drop the POSIX locks that other connections of this process hold on it, and the next
/// program to close the database would take itself for the last and remove the -wal file under
/// them.
void create_private_file(const std::filesystem::path& file) {
  static Mutex creation;  // nobody connects to a new file before its descriptor is closed
  const MutexLock lock(creation);
  const Descriptor made = create_file(file, kOwnerOnly);
  if (made.is_open()) return;
  int error = errno;
  if (error == EEXIST) error = std::filesystem::is_symlink(file) ? ELOOP : 0;
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot open " + file.string());
  }
}

/// SQLite's, in which a name is not taken for more than a name.
std::string uri_of(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : file.string()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += '%' + to_hex(as_bytes(std::string_view(&c, 1)));
    } else {
      uri += c;
    }
  }
  return uri;
}

}  // namespace

Database open(const std::filesystem::path& file) {
  create_private_file(file);
  Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_FULLMUTEX, kBusyTimeoutMs);
  database.exec("PRAGMA journal_mode=WAL");
  database.exec("PRAGMA synchronous=FULL");
  database.exec("PRAGMA foreign_keys=ON");
  return database;
}

Database open_read_only(const std::filesystem::path& file) {
  const int reading = SQLite::OPEN_READONLY | SQLite::OPEN_FULLMUTEX;
  if (std::filesystem::exists(write_ahead_log_of(file))) {
    return Database(file.string(), reading, kBusyTimeoutMs);
  }
  return Database(uri_of(file) + "?immutable=1", reading | SQLite::OPEN_URI, kBusyTimeoutMs);
}

void empty_write_ahead_log(Database& database) {
  const bool is_busy = database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0;
  if (is_busy) throw Error("the write-ahead log is in use and could not be emptied");
}

}  // namespace sekisho::core::db
