// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugin/staff_call.h"

namespace sekisho::plugin {

StaffReply list_audit_entries(const StaffCall& call);

}  // namespace sekisho::plugin
