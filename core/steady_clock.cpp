// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/steady_clock.h"

namespace sekisho::core {

SteadyClock::time_point SteadyClock::now() noexcept { return std::chrono::steady_clock::now(); }

}  // namespace sekisho::core
