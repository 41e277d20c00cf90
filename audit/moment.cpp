// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/moment.h"

#include <sys/timex.h>

#include <algorithm>
#include <cctype>
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

Timekeeper::Timekeeper(core::Clock clock) : clock_(std::move(clock)), boot_id_(read_boot_id()) {}

Moment Timekeeper::now() const { return {clock_(), since_boot(), clock_state()}; }

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

}  // namespace sekisho::audit
