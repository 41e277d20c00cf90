// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/steady_clock.h"

namespace sekisho::test {

/// From now on what is random follows from this.
void seed(std::uint64_t number);
/// What time passes for everybody.
void pass(core::SteadyClock::duration time);

}  // namespace sekisho::test
