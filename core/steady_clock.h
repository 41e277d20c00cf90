// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace sekisho::core {

/// How time passes, for whoever waits or measures: it is never set, and has no date. Nobody asks
/// the machine for it but here, so that what stands in for this file decides how time goes on. A
/// clock of std::chrono, whose timers (Boost.Asio's) are of this clock then. Any thread.
struct SteadyClock : std::chrono::steady_clock {
  static time_point now() noexcept;
};

}  // namespace sekisho::core
