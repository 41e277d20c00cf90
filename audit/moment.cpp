// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/moment.h"

#include <sys/timex.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <ctime>
#include <fstream>

namespace sekisho::audit {
namespace {

constexpr std::string_view kNoBootId = "00000000-0000-0000-0000-000000000000";

std::string read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  const bool well_formed =
      id.size() == kNoBootId.size() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f') || c == '-';
      });
  return well_formed ? id : std::string(kNoBootId);
}

std::chrono::microseconds since_boot() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

ClockState clock_state() {
  timex state{};  // modes 0: asks, sets nothing
  const bool synchronised = adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
  return synchronised ? ClockState::synchronised : ClockState::unsynchronised;
}

}  // namespace

Uptime boot_time() { return since_boot; }

Timekeeper::Timekeeper(core::Clock clock, Uptime uptime)
    : clock_(std::move(clock)), uptime_(std::move(uptime)), boot_id_(read_boot_id()) {}

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
