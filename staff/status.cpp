// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/status.h"

namespace sekisho::staff {

Reply show_status(const Call& call) { return {200, call.ports.status()}; }

}  // namespace sekisho::staff
