// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "audit/moment.h"
#include "audit/place.h"
#include "core/time.h"

namespace sekisho::audit {

struct Event;

/// Makes the keys and a log whose first entry (seq 0, "log.open") says what it is, and its anchor
/// where the place has one. The directories exist already. Throws AuditError if any of the files
/// exists; leaves none behind on failure.
void initialise(const AuditPlace& place, std::string_view origin,
                const core::Clock& clock = core::system_clock(),
                const Uptime& uptime = boot_time());
/// The same for a log that takes the place of the one in `before`: its entry 1 is `event`, which
/// has no objects, and the keys of hashes and of text are that log's, where it has them.
void initialise_after(const AuditPlace& before, const Event& event, const AuditPlace& place,
                      std::string_view origin, const core::Clock& clock, const Uptime& uptime);

}  // namespace sekisho::audit
