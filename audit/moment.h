// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
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

/// Where the time since the machine's start comes from, which nobody can set.
using Uptime = std::function<std::chrono::microseconds()>;
/// CLOCK_BOOTTIME.
Uptime boot_time();

/// Any thread.
class Timekeeper {
 public:
  explicit Timekeeper(core::Clock clock, Uptime uptime = boot_time());
  Moment now() const;
  /// The kernel's random UUID of this boot; all zeros where the kernel tells none.
  const std::string& boot_id() const { return boot_id_; }

 private:
  core::Clock clock_;
  Uptime uptime_;
  std::string boot_id_;
};

/// The clock was set: what it would have said, and what it says.
struct ClockStep {
  core::Time before;
  core::Time after;
};

/// Finds steps of the clock: within one boot, time and time since boot go on together. One thread
/// at a time.
class StepWatch {
 public:
  /// How far the two may part in all before that is a step.
  static constexpr std::chrono::seconds kTolerance{1};

  /// Goes on from the newest moment of this boot.
  static StepWatch within_boot(const Moment& newest);
  /// Of an earlier boot only its time is known.
  static StepWatch after_boot(core::Time newest);

  /// A step between what was seen last and `now`, once.
  std::optional<ClockStep> see(const Moment& now);

 private:
  explicit StepWatch(core::Time newest) : newest_(newest) {}
  core::Time newest_;
  /// What time less time since boot should be; nothing before the first moment of this boot.
  std::optional<core::Time> booted_at_;
};

/// RFC 3339 in UTC with exactly 6 digits of fraction, 27 characters. What lies outside the years
/// 0000 to 9999 is written as the nearest moment inside.
std::string to_entry_time(core::Time time);

/// "+3600.000000".
std::string to_signed_seconds(std::chrono::microseconds duration);

}  // namespace sekisho::audit
