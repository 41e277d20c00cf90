// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "audit/moment.h"
#include "core/time.h"

namespace sekisho::tests {

/// Of a machine whose clock nobody ever set, however a test's clock jumps.
inline audit::Uptime uptime_of(core::Clock clock) {
  return [clock = std::move(clock)] { return clock().time_since_epoch(); };
}

}  // namespace sekisho::tests
