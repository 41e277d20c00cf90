// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/digest.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::core {

/// What can be worked out again, kept across restarts: short texts by digests of what they were
/// worked out from. An SQLite file of its own (mode 0600), which may be deleted at any time. Any
/// thread may call any method, and nothing throws but for want of memory: what cannot be read is
/// not known, and a file that cannot be written is removed and done without.
class CacheFile {
 public:
  /// Whatever is in the way of using `file` is no reason not to go on. Above `limit_bytes` all of
  /// it is forgotten.
  CacheFile(std::filesystem::path file, std::uint64_t limit_bytes);
  /// Writes what find() knows already and the disk does not.
  ~CacheFile();
  CacheFile(const CacheFile&) = delete;
  CacheFile& operator=(const CacheFile&) = delete;

  std::optional<std::string> find(const Sha256& key);
  /// In place of what was known. On disk when some hundreds have come together.
  void keep(const Sha256& key, std::string value);

 private:
  struct Disk;
  struct Hash {
    std::size_t operator()(const Sha256& key) const noexcept {
      std::size_t hash = 0;
      std::memcpy(&hash, key.data(), sizeof hash);
      return hash;
    }
  };
  static std::unique_ptr<Disk> opened(const std::filesystem::path& file);
  void write() SEKISHO_REQUIRES(mutex_);
  void give_up() noexcept SEKISHO_REQUIRES(mutex_);

  const std::filesystem::path file_;
  const std::uint64_t limit_bytes_;
  Mutex mutex_;
  std::unique_ptr<Disk> disk_ SEKISHO_GUARDED_BY(mutex_);  ///< null where there is none
  std::unordered_map<Sha256, std::string, Hash> unwritten_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::core
