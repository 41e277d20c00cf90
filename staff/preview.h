// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

/// What a share would show, before and after masking, what it would withhold, and which risks stay.
/// Patient data leaves for the member of staff: on record before it does (audit::AuditError:
/// nothing was shown). Changes nothing.
Reply preview_share(const Call& call);

}  // namespace sekisho::staff
