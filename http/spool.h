// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "core/mutex.h"
#include "http/limits.h"

namespace sekisho::http {

/// Where bodies of requests lie while they arrive and until they are answered, and who has taken
/// how much of it. It grants no more than the limits say, nor what would leave the file system
/// fuller than they say. Any thread; blocks on the disk.
class Spool {
 public:
  Spool(std::filesystem::path directory, const Limits& limits);

  /// What one body has taken, given back with this. One thread at a time; the spool outlives it.
  class Place {
   public:
    Place(Spool& spool, std::string sender);
    ~Place();
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;

    /// So that it may have `bytes` in all. False, and nothing has changed, where there is no room.
    bool take(std::uint64_t bytes);
    /// Of what was taken, so much is in the file now.
    void wrote(std::uint64_t bytes);
    /// A file without a name, for the owner of the descriptor to close. Throws std::system_error.
    int open_file() const;

   private:
    Spool* spool_;
    std::string sender_;
    std::uint64_t taken_ = 0;
    std::uint64_t written_ = 0;
  };

 private:
  bool take(const std::string& sender, std::uint64_t bytes);
  void wrote(std::uint64_t bytes);
  void give_back(const std::string& sender, std::uint64_t taken, std::uint64_t unwritten);
  std::uint64_t free_bytes() const;

  const std::filesystem::path directory_;
  const std::uint64_t most_bytes_;
  const std::uint64_t most_bytes_per_sender_;
  const std::uint64_t bytes_left_free_;

  core::Mutex mutex_;
  std::map<std::string, std::uint64_t> taken_ SEKISHO_GUARDED_BY(mutex_);  ///< by sender
  std::uint64_t all_taken_ SEKISHO_GUARDED_BY(mutex_) = 0;
  std::uint64_t unwritten_ SEKISHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace sekisho::http
