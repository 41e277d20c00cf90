// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

Reply show_status(const Call& call);

}  // namespace sekisho::staff
