// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace sekisho::sharing {

/// How whoever keeps what a store said learns that it may be no longer so. Any thread.
class ChangeFeed {
 public:
  virtual ~ChangeFeed() = default;
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  /// How old what the store says may be: what anybody has committed, over any connection of any
  /// process, shows in every answer that is asked for so long after. Nothing that bears on who may
  /// see what is believed for longer; a store that cannot ask by then throws.
  virtual std::chrono::milliseconds staleness() const = 0;

  /// Another number than before when recipients, shares or credentials may have changed, within
  /// staleness(); while it is the same, what was read since it was given still holds. Throws
  /// core::DatabaseError.
  virtual std::uint64_t version() const = 0;

 protected:
  ChangeFeed() = default;
};

}  // namespace sekisho::sharing
