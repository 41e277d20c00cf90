// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/database.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

namespace sekisho::core::db {
namespace {

constexpr int kBusyTimeoutMs = 5000;

/// SQLite gives its -wal and -shm files the mode of the main file, so only that one needs care.
void create_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot open " + file.string());
  }
  ::close(descriptor);
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
  return Database(file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_FULLMUTEX, kBusyTimeoutMs);
}

}  // namespace sekisho::core::db
