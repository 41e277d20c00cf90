// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boot_clock.h"

#include <sys/timex.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <fstream>
#include <string_view>

namespace sekisho::core {
namespace {

constexpr std::string_view kNoBootId = "00000000-0000-0000-0000-000000000000";

}  // namespace

std::chrono::microseconds since_boot() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  const bool well_formed =
      id.size() == kNoBootId.size() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f') || c == '-';
      });
  return well_formed ? id : std::string(kNoBootId);
}

bool is_date_synchronised() {
  timex state{};  // modes 0: asks, sets nothing
  return adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
}

}  // namespace sekisho::core
