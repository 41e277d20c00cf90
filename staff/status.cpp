// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/status.h"

namespace sekisho::staff {

Reply show_status(const Call& call) { return status_of(call.ports.state()); }

Reply status_of(const SystemState& state) { return answered(200, to_json(state)); }

}  // namespace sekisho::staff
