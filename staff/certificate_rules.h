// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "staff/call.h"

namespace sekisho::staff {

// As in credentials.h. There are rules only where authorities of clients are configured.

Reply add_certificate_rule(const Call& call);
Reply show_made_certificate_rule(const Call& call, const std::string& id);
Reply list_certificate_rules(const Call& call);
Reply show_certificate_rule(const Call& call);
Reply remove_certificate_rule(const Call& call);

}  // namespace sekisho::staff
