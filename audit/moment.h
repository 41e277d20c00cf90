// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "core/time.h"

namespace sekisho::audit {

/// What the kernel says of its clock (adjtimex(2)).
enum class ClockState { synchronised, unsynchronised };

/// When an entry got its place, as far as one machine can know: evidence, not proof.
struct Moment {
  core::Time time;
  std::chrono::microseconds since_boot;  ///< CLOCK_BOOTTIME: no setting of the clock moves it
  ClockState state;
};

/// Any thread.
class Timekeeper {
 public:
  explicit Timekeeper(core::Clock clock);
  Moment now() const;
  /// The kernel's random UUID of this boot; all zeros where the kernel tells none.
  const std::string& boot_id() const { return boot_id_; }

 private:
  core::Clock clock_;
  std::string boot_id_;
};

/// RFC 3339 in UTC with exactly 6 digits of fraction, 27 characters. What lies outside the years
/// 0000 to 9999 is written as the nearest moment inside.
std::string to_entry_time(core::Time time);

}  // namespace sekisho::audit
