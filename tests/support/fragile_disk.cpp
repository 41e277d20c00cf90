// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fragile_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::test {
namespace {

constexpr std::size_t kSectorBytes = 512;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What a write or a change of length did to a file.
struct Change {
  std::size_t offset;
  std::string bytes;
  std::optional<std::size_t> length;  ///< cut or filled up to it, instead

  void apply_to(std::string& content, std::size_t size) const {
    if (length) return content.resize(*length);
    if (size == 0) return;
    if (content.size() < offset + size) content.resize(offset + size);
    content.replace(offset, size, bytes, 0, size);
  }
  std::size_t end() const { return offset + bytes.size(); }
  /// What of it lies outside of what was written later.
  std::vector<Change> less(const Change& later) const {
    const std::size_t from = later.length ? *later.length : later.offset;
    const std::size_t to = later.length ? end() : later.end();
    if (to <= offset || end() <= from) return {*this};
    std::vector<Change> rest;
    if (offset < from) rest.push_back({offset, bytes.substr(0, from - offset), std::nullopt});
    if (to < end()) rest.push_back({to, bytes.substr(to - offset), std::nullopt});
    return rest;
  }
};

/// One file as a power cut would find it.
struct Platter {
  std::string durable;
  std::vector<Change> pending;    ///< since the last sync
  std::vector<Change> forgotten;  ///< writes of syncs that failed: no later one makes them durable
  bool is_deleted = false;        ///< and nothing was synced since

  void sync() {
    for (const Change& change : pending) {
      change.apply_to(durable, change.bytes.size());
      forget_less(change);
    }
    pending.clear();
  }
  void fail_to_sync() {
    const auto writes =
        std::stable_partition(pending.begin(), pending.end(),
                              [](const Change& change) { return change.length.has_value(); });
    for (auto change = writes; change != pending.end(); ++change) {
      forget_less(*change);
      forgotten.push_back(std::move(*change));
    }
    pending.erase(writes, pending.end());
  }
  std::string after_cut(const FragileDisk::Chance& chance) const {
    std::string content = durable;
    for (const Change& change : forgotten) survive(change, content, chance);
    for (const Change& change : pending) survive(change, content, chance);
    return content;
  }

 private:
  /// What was forgotten and is written anew is forgotten no more.
  void forget_less(const Change& later) {
    std::vector<Change> rest;
    for (const Change& change : forgotten)
      std::ranges::move(change.less(later), std::back_inserter(rest));
    forgotten = std::move(rest);
  }
  /// Whole, not at all, or its first sectors.
  static void survive(const Change& change, std::string& content,
                      const FragileDisk::Chance& chance) {
    switch (chance(3)) {
      case 0:
        return;
      case 1:
        return change.apply_to(content, change.bytes.size());
      default: {
        const auto sectors = static_cast<std::uint32_t>(change.bytes.size() / kSectorBytes);
        change.apply_to(content, kSectorBytes * chance(sectors + 1));
      }
    }
  }
};

}  // namespace

class FragileDisk::Platters {
 public:
  void decide_by(Decide decide) {
    const std::lock_guard lock(mutex_);
    decide_ = std::move(decide);
  }
  void cut_power() {
    const std::lock_guard lock(mutex_);
    has_power_ = false;
  }
  bool has_power() const {
    const std::lock_guard lock(mutex_);
    return has_power_;
  }

  void opened(const std::string& file) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = platters_.try_emplace(file);
    if (is_new) {
      found->second.durable = read_file(file);
    } else if (std::exchange(found->second.is_deleted, false)) {
      found->second = {};  // made anew under the name of one that is gone
    }
  }
  void deleted(const std::string& file, bool for_good) {
    const std::lock_guard lock(mutex_);
    if (for_good) {
      platters_.erase(file);
    } else if (const auto found = platters_.find(file); found != platters_.end()) {
      found->second.is_deleted = true;
    }
  }

  /// `work` does to the file what is to be done, and tells how that ended.
  template <class Work>
  int write(const std::string& file, Change change, Work work) {
    const Step step = change.length ? Step::truncate : Step::write;
    const std::lock_guard lock(mutex_);
    if (const int refused = refusal(step)) return refused;
    const int result = work();
    if (result == SQLITE_OK) platters_[file].pending.push_back(std::move(change));
    return result;
  }
  int sync(const std::string& file) {
    const std::lock_guard lock(mutex_);
    Platter& platter = platters_[file];
    const int refused = refusal(Step::sync);
    if (refused == SQLITE_OK) {
      platter.sync();
      std::erase_if(platters_, [](const auto& each) { return each.second.is_deleted; });
    }
    if (refused != SQLITE_OK && has_power_) platter.fail_to_sync();
    return refused;
  }

  void restore_power(const Chance& chance) {
    const std::lock_guard lock(mutex_);
    for (auto& [file, platter] : platters_) {
      std::filesystem::remove(file + "-shm");
      if (platter.is_deleted && chance(2) == 0) continue;
      std::ofstream(file, std::ios::binary | std::ios::trunc) << platter.after_cut(chance);
    }
    platters_.clear();
    has_power_ = true;
  }

 private:
  int refusal(Step step) {
    Fate fate = Fate::done;
    if (has_power_ && decide_) fate = decide_(step);
    if (fate == Fate::power_cut) has_power_ = false;
    if (fate == Fate::done && has_power_) return SQLITE_OK;
    if (step == Step::sync) return SQLITE_IOERR_FSYNC;
    if (step == Step::truncate) return SQLITE_IOERR_TRUNCATE;
    return fate == Fate::no_room ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Platter> platters_;
  Decide decide_;
  bool has_power_ = true;
};

namespace {

FragileDisk::Platters* platters = nullptr;  // of the one that lives
sqlite3_vfs* beneath = nullptr;             // the system's

/// As SQLite wants it: the methods first. The system's own file lies right behind it.
struct File {
  sqlite3_file base;
  std::string* name;  ///< null: a temporary file, of which nothing lasts

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *real()->pMethods; }
};
static_assert(sizeof(File) % alignof(std::max_align_t) == 0);

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

int close_file(sqlite3_file* file) {
  const int result = of(file).methods().xClose(of(file).real());
  delete std::exchange(of(file).name, nullptr);
  return result;
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  if (!platters->has_power()) return SQLITE_IOERR_READ;
  return of(file).methods().xRead(of(file).real(), bytes, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  File& to = of(file);
  const auto work = [&] { return to.methods().xWrite(to.real(), bytes, size, offset); };
  if (to.name == nullptr) return work();
  return platters->write(*to.name,
                         {static_cast<std::size_t>(offset),
                          {static_cast<const char*>(bytes), static_cast<std::size_t>(size)},
                          std::nullopt},
                         work);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  File& to = of(file);
  const auto work = [&] { return to.methods().xTruncate(to.real(), size); };
  if (to.name == nullptr) return work();
  return platters->write(*to.name, {0, {}, static_cast<std::size_t>(size)}, work);
}

/// The real file needs none: it goes with the test.
int sync(sqlite3_file* file, int /*flags*/) {
  return of(file).name == nullptr ? SQLITE_OK : platters->sync(*of(file).name);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return of(file).methods().xFileSize(of(file).real(), size);
}
int lock(sqlite3_file* file, int level) { return of(file).methods().xLock(of(file).real(), level); }
int unlock(sqlite3_file* file, int level) {
  return of(file).methods().xUnlock(of(file).real(), level);
}
int check_reserved_lock(sqlite3_file* file, int* result) {
  return of(file).methods().xCheckReservedLock(of(file).real(), result);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  return of(file).methods().xFileControl(of(file).real(), operation, argument);
}
int sector_size(sqlite3_file* file) { return of(file).methods().xSectorSize(of(file).real()); }
int device_characteristics(sqlite3_file* file) {
  return of(file).methods().xDeviceCharacteristics(of(file).real());
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return of(file).methods().xShmMap(of(file).real(), page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return of(file).methods().xShmLock(of(file).real(), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { of(file).methods().xShmBarrier(of(file).real()); }
int shm_unmap(sqlite3_file* file, int remove) {
  return of(file).methods().xShmUnmap(of(file).real(), remove);
}

/// Version 2: without memory maps, which nobody could look at.
const sqlite3_io_methods kMethods = {2,
                                     close_file,
                                     read,
                                     write,
                                     truncate,
                                     sync,
                                     file_size,
                                     lock,
                                     unlock,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     device_characteristics,
                                     shm_map,
                                     shm_lock,
                                     shm_barrier,
                                     shm_unmap,
                                     nullptr,
                                     nullptr};

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* got) {
  File& made = of(file);
  made.base.pMethods = nullptr;
  made.name = nullptr;
  if (!platters->has_power()) return SQLITE_CANTOPEN;
  const int result = beneath->xOpen(beneath, name, made.real(), flags, got);
  if (result != SQLITE_OK) return result;
  made.base.pMethods = &kMethods;
  if (name != nullptr && (flags & SQLITE_OPEN_READONLY) == 0) {
    made.name = new std::string(name);
    platters->opened(*made.name);
  }
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* /*vfs*/, const char* name, int sync_directory) {
  if (!platters->has_power()) return SQLITE_IOERR_DELETE;
  const int result = beneath->xDelete(beneath, name, 0);
  if (result == SQLITE_OK) platters->deleted(name, sync_directory != 0);
  return result;
}

sqlite3_vfs make_vfs() {
  beneath = sqlite3_vfs_find(nullptr);
  if (beneath == nullptr) throw std::runtime_error("SQLite has no disk");
  sqlite3_vfs vfs = *beneath;  // what looks at no content is the system's
  vfs.zName = "fragile";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + beneath->szOsFile;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  return vfs;
}

sqlite3_vfs& fragile() {
  static sqlite3_vfs vfs = make_vfs();
  return vfs;
}

}  // namespace

FragileDisk::FragileDisk() : platters_(std::make_unique<Platters>()) {
  platters = platters_.get();
  sqlite3_vfs_register(&fragile(), 1);
}

FragileDisk::~FragileDisk() {
  sqlite3_vfs_register(beneath, 1);
  sqlite3_vfs_unregister(&fragile());
  platters = nullptr;
}

void FragileDisk::decide_by(Decide decide) { platters_->decide_by(std::move(decide)); }
void FragileDisk::cut_power() { platters_->cut_power(); }
bool FragileDisk::has_power() const { return platters_->has_power(); }
void FragileDisk::restore_power(const Chance& chance) { platters_->restore_power(chance); }

}  // namespace sekisho::test
