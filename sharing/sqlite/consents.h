// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"
#include "sharing/share.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

/// In the transaction that gives a share its end: whether each of its patients has a consent to its
/// purpose that holds from `now`, or from the share's beginning if that is later, to `end`.
bool has_consents(Statements& statements, const ShareId& share, core::Time now, core::Time end);

}  // namespace sekisho::sharing
