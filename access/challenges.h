// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/digest.h"
#include "core/mutex.h"
#include "core/secret.h"
#include "core/thread_annotations.h"
#include "core/time.h"

namespace sekisho::access {

/// As long as somebody may take to find their authenticator.
inline constexpr std::chrono::minutes kChallengeLife{5};

/// What authenticators sign, so that what they answer is good once and for a short while. Each is
/// known again by a MAC: asking for them takes no memory, and only those whose answer was right
/// are remembered. They are worth nothing in another process, or after a restart. Any thread.
class Challenges {
 public:
  /// Not more are remembered as spent; beyond that nobody's answer is taken until some are too old.
  static constexpr std::size_t kMostSpent = 100'000;

  explicit Challenges(std::chrono::minutes life = kChallengeLife) : life_(life) {}

  /// 128 random bits, the moment and a MAC in base64url. `purpose` says who may use it and for
  /// what.
  std::string issue(std::string_view purpose, core::Time now) const;
  /// Whether it was issued here for `purpose`, no longer ago than they live, and not spent since.
  bool is_open(std::string_view challenge, std::string_view purpose, core::Time now) const;
  /// Of two at once one succeeds. To be called for one that is_open().
  bool spend(std::string_view challenge, core::Time now);

 private:
  core::Sha256 mac_of(core::ByteView drawn, std::string_view purpose) const;

  const std::chrono::minutes life_;
  const core::Secret key_ = core::Secret::random(32);

  mutable core::Mutex mutex_;
  std::set<std::string, std::less<>> spent_ SEKISHO_GUARDED_BY(mutex_);
  /// The same in the order in which they were spent, and until when they could be used again.
  std::deque<std::pair<core::Time, std::string>> in_turn_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
