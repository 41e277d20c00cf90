// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"
#include "staff/system_state.h"

namespace sekisho::staff {

Reply show_status(const Call& call);
/// Who the caller is, and what they may do.
Reply show_caller(const Call& call);
/// What the hospital has settled that pages need to know.
Reply show_settings(const Call& call);
/// The state where there is no API, for it needs what cannot be opened.
Reply status_of(const SystemState& state);

}  // namespace sekisho::staff
