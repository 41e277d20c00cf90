// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "core/at_rest.h"
#include "core/create.h"
#include "core/encoding.h"
#include "core/mutex.h"

namespace sekisho::core::db {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr mode_t kOwnerOnly = 0600;
constexpr std::int64_t kSettledBlockBytes = 1 << 16;
constexpr int kMostTriesToOpen = 100;

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

/// A file as SQLite itself reaches it: what stands in for its disk stands in here too.
class DiskFile {
 public:
  explicit DiskFile(const std::filesystem::path& file) : name_(file.string()) {
    int got = 0;
    name_.append(2, '\0');  // no parameters follow, as SQLite says that
    demand(disk_.xOpen(&disk_, name_.c_str(), handle(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL,
                       &got));
  }
  ~DiskFile() {
    if (handle()->pMethods != nullptr) methods().xClose(handle());
  }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  std::int64_t size() {
    sqlite3_int64 size = 0;
    demand(methods().xFileSize(handle(), &size));
    return size;
  }
  void read(std::span<char> bytes, std::int64_t offset) {
    demand(methods().xRead(handle(), bytes.data(), static_cast<int>(bytes.size()), offset));
  }
  void write(std::span<const char> bytes, std::int64_t offset) {
    demand(methods().xWrite(handle(), bytes.data(), static_cast<int>(bytes.size()), offset));
  }
  void sync() { demand(methods().xSync(handle(), SQLITE_SYNC_NORMAL)); }

 private:
  static void demand(int result) {
    if (result != SQLITE_OK) throw Error(SQLite::Exception("", result));
  }
  sqlite3_file* handle() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  const sqlite3_io_methods& methods() { return *handle()->pMethods; }

  sqlite3_vfs& disk_ = *sqlite3_vfs_find(nullptr);
  std::string name_;
  std::vector<std::max_align_t> memory_ = std::vector<std::max_align_t>(
      static_cast<std::size_t>(disk_.szOsFile) / sizeof(std::max_align_t) + 1);
};

/// Who closes the database last removes its write-ahead log at any moment, and who opens it makes
/// a new one.
void open_if_there(const std::filesystem::path& log, std::optional<DiskFile>& opened) {
  for (int tries = 1; !opened && std::filesystem::exists(log); ++tries) {
    try {
      opened.emplace(log);
    } catch (const Error&) {
      if (tries == kMostTriesToOpen) throw;
    }
  }
}

}  // namespace

void settle_write_ahead_log(const std::filesystem::path& file) {
  std::optional<DiskFile> disk_file;
  open_if_there(write_ahead_log_of(file), disk_file);
  if (!disk_file) return;
  const std::int64_t size = disk_file->size();
  std::vector<char> block(kSettledBlockBytes);
  for (std::int64_t offset = 0; offset < size; offset += kSettledBlockBytes) {
    const auto length = std::min<std::int64_t>(kSettledBlockBytes, size - offset);
    const std::span<char> bytes(block.data(), static_cast<std::size_t>(length));
    disk_file->read(bytes, offset);
    disk_file->write(bytes, offset);
  }
  disk_file->sync();
}

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

bool is_momentary(const Error& refusal) {
  const int code = refusal.code();
  return code == SQLITE_READONLY_RECOVERY || code == SQLITE_READONLY_CANTINIT;
}

void empty_write_ahead_log(Database& database) {
  const bool is_busy = database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0;
  if (is_busy) throw Error("the write-ahead log is in use and could not be emptied");
}

}  // namespace sekisho::core::db
