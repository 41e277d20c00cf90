// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/call.h"

namespace sekisho::gateway {

// Application passwords (docs/access.md), which people make for their viewers themselves.

/// 201 with the password, shown once. Sessions go on.
http::Response create_application_password(Call& call);
http::Response list_application_passwords(Call& call);
http::Response remove_application_password(Call& call);

}  // namespace sekisho::gateway
