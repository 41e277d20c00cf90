// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/event.h"
#include "audit/moment.h"

namespace sekisho::audit {

/// What the log says of itself. No patient and no recipient is named.
Event clock_step_event(const ClockStep& step);
Event anchor_trouble_event();
Event anchor_restored_event();
Event log_full_event();
/// `since` is when it became full.
Event log_restored_event(core::Time since);

}  // namespace sekisho::audit
