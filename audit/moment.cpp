// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/moment.h"

#include <cstdint>

#include "core/boot_clock.h"

namespace sekisho::audit {
namespace {

ClockState clock_state() {
  return core::is_date_synchronised() ? ClockState::synchronised : ClockState::unsynchronised;
}

}  // namespace

Uptime boot_time() { return core::since_boot; }

Timekeeper::Timekeeper(core::Clock clock, Uptime uptime)
    : clock_(std::move(clock)), uptime_(std::move(uptime)), boot_id_(core::boot_id()) {}

Moment Timekeeper::now() const { return {clock_(), uptime_(), clock_state()}; }

StepWatch StepWatch::within_boot(const Moment& newest) {
  StepWatch watch(newest.time);
  watch.booted_at_ = newest.time - newest.since_boot;
  return watch;
}

StepWatch StepWatch::after_boot(core::Time newest) { return StepWatch(newest); }

/// The beginning stays what it was until a step is found: many small ones are one in the end.
std::optional<ClockStep> StepWatch::see(const Moment& now) {
  const core::Time booted_at = now.time - now.since_boot;
  if (!booted_at_) {
    booted_at_ = booted_at;
    if (now.time >= newest_) return std::nullopt;
    return ClockStep{newest_, now.time};
  }
  if (std::chrono::abs(booted_at - *booted_at_) <= kTolerance) return std::nullopt;
  const ClockStep step{*booted_at_ + now.since_boot, now.time};
  booted_at_ = booted_at;
  return step;
}

std::string to_entry_time(core::Time time) {
  using std::chrono::sys_days;
  using std::chrono::year;
  static constexpr core::Time kFirst = sys_days{year{0} / 1 / 1};
  static constexpr core::Time kLast =
      core::Time{sys_days{year{10000} / 1 / 1}} - std::chrono::microseconds{1};
  std::string text = core::to_rfc3339(std::clamp(time, kFirst, kLast));
  static constexpr std::size_t kWithoutFraction = std::string_view("2026-01-31T09:00:00Z").size();
  if (text.size() == kWithoutFraction) text.insert(text.size() - 1, ".000000");
  return text;
}

std::string to_signed_seconds(std::chrono::microseconds duration) {
  const std::int64_t count = duration.count();
  const std::uint64_t size = count < 0 ? -static_cast<std::uint64_t>(count) : count;
  std::string fraction = std::to_string(size % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return (count < 0 ? "-" : "+") + std::to_string(size / 1'000'000) + '.' + fraction;
}

}  // namespace sekisho::audit
