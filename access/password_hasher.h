// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Hashes passwords with Argon2id (RFC 9106), which is dear by intention: so many at a time and no
/// more, each on a turn that is waited for. Guesses cost memory and workers that are counted
/// beforehand, and one site cannot keep the others waiting. Any thread.
class PasswordHasher {
 public:
  struct Settings {
    std::uint32_t memory_kib = 64 * 1024;  ///< RFC 9106 §4, the second recommended option
    std::uint32_t passes = 3;              ///< the same
    int at_once = 2;                       ///< hashes that are computed at one time
    int waiting_per_site = 2;              ///< turns of one site, waiting and under way
    int waiting = 4;                       ///< of all sites: the door has more workers than that
    std::chrono::milliseconds patience{2000};  ///< how long a turn is waited for
  };

  /// The leave to hash, until destroyed. One thread.
  class Turn {
   public:
    Turn(Turn&& other) noexcept
        : hasher_(std::exchange(other.hasher_, nullptr)), site_(std::move(other.site_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    friend class PasswordHasher;
    Turn(PasswordHasher& hasher, std::string site) : hasher_(&hasher), site_(std::move(site)) {}
    PasswordHasher* hasher_;
    std::string site_;
  };

  /// Computes one hash. Throws std::runtime_error where there is no memory for it.
  explicit PasswordHasher(Settings settings);
  PasswordHasher() : PasswordHasher(Settings{}) {}
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  /// Waits for a turn; `nullopt` where too many wait, or it did not come in time: later it may.
  std::optional<Turn> enter(const std::string& site);

  /// In the PHC string format, with its parameters and a random salt. Throws std::runtime_error.
  std::string hash(const Turn& turn, std::string_view password) const;
  /// Takes the same time whatever differs. Throws std::runtime_error where there is no memory.
  bool matches(const Turn& turn, std::string_view password, const std::string& encoded) const;
  /// Takes as long as matches() and is never true: for where there is nothing to compare with.
  bool matches_nothing(const Turn& turn, std::string_view password) const;
  /// Made with other parameters than what is made now.
  bool is_outdated(std::string_view encoded) const;

 private:
  std::string make(std::string_view password) const;
  void leave(const std::string& site);

  const Settings settings_;
  const std::string nobodys_;  ///< a hash of what nobody knows

  core::Mutex mutex_;
  core::Condition left_;
  int computing_ SEKISHO_GUARDED_BY(mutex_) = 0;
  int inside_ SEKISHO_GUARDED_BY(mutex_) = 0;                      ///< waiting or computing
  std::map<std::string, int> by_site_ SEKISHO_GUARDED_BY(mutex_);  ///< of these, whose
};

}  // namespace sekisho::access
