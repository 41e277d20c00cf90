// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cache_file.h"

#include <exception>

#include "core/at_rest.h"
#include "core/database.h"
#include "core/file.h"

namespace sekisho::core {
namespace {

constexpr std::size_t kTogether = 500;
constexpr int kForm = 1;

db::Database open_database(const std::filesystem::path& file) {
  db::Database database = db::open(file);
  // A power cut may take the newest with it, and nothing else.
  database.exec("PRAGMA synchronous=NORMAL");
  const int form = database.execAndGet("PRAGMA user_version").getInt();
  if (form != 0 && form != kForm) throw db::Error("made by another version");
  database.exec(
      "CREATE TABLE IF NOT EXISTS known (key BLOB PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
  database.exec("PRAGMA user_version=" + std::to_string(kForm));
  return database;
}

void remove_with_its_logs(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm"}) remove_file(file.string() + suffix);
}

}  // namespace

struct CacheFile::Disk {
  explicit Disk(const std::filesystem::path& file) : database(open_database(file)) {}
  std::int64_t number(const char* pragma) { return database.execAndGet(pragma).getInt64(); }
  std::uint64_t size_bytes() {
    const std::int64_t pages = number("PRAGMA page_count") - number("PRAGMA freelist_count");
    return static_cast<std::uint64_t>(pages * number("PRAGMA page_size"));
  }

  db::Database database;
  db::Statement find{database, "SELECT value FROM known WHERE key = ?"};
  db::Statement keep{database, "INSERT OR REPLACE INTO known VALUES (?, ?)"};
};

std::unique_ptr<CacheFile::Disk> CacheFile::opened(const std::filesystem::path& file) {
  try {
    return std::make_unique<Disk>(file);
  } catch (const std::exception&) {
    return nullptr;
  }
}

CacheFile::CacheFile(std::filesystem::path file, std::uint64_t limit_bytes)
    : file_(std::move(file)), limit_bytes_(limit_bytes), disk_(opened(file_)) {
  if (disk_) return;
  remove_with_its_logs(file_);
  disk_ = opened(file_);
}

CacheFile::~CacheFile() {
  const MutexLock lock(mutex_);
  try {
    write();
  } catch (const std::exception&) {
    give_up();
  }
}

std::optional<std::string> CacheFile::find(const Sha256& key) {
  const MutexLock lock(mutex_);
  if (const auto found = unwritten_.find(key); found != unwritten_.end()) return found->second;
  if (!disk_) return std::nullopt;
  try {
    db::Statement& query = disk_->find;
    query.reset();
    db::bind_bytes(query, 1, key);
    std::optional<std::string> value;
    if (query.executeStep()) value = query.getColumn(0).getString();
    query.reset();
    return value;
  } catch (const db::Error&) {
    give_up();
    return std::nullopt;
  }
}

void CacheFile::keep(const Sha256& key, std::string value) {
  const MutexLock lock(mutex_);
  if (!disk_) return;
  unwritten_.insert_or_assign(key, std::move(value));
  if (unwritten_.size() < kTogether) return;
  try {
    write();
  } catch (const db::Error&) {
    give_up();
  }
}

void CacheFile::write() {
  if (!disk_ || unwritten_.empty()) return;
  db::Transaction transaction(disk_->database);
  if (disk_->size_bytes() > limit_bytes_) disk_->database.exec("DELETE FROM known");
  for (const auto& [key, value] : unwritten_) {
    db::Statement& insertion = disk_->keep;
    insertion.reset();
    db::bind_bytes(insertion, 1, key);
    insertion.bindNoCopy(2, value);
    insertion.exec();
  }
  disk_->keep.reset();
  transaction.commit();
  unwritten_.clear();
}

/// A full disk has more use for the space.
void CacheFile::give_up() noexcept {
  disk_.reset();
  unwritten_.clear();
  remove_with_its_logs(file_);
}

}  // namespace sekisho::core
