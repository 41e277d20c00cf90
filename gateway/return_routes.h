// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/call.h"

namespace sekisho::gateway {

/// GET /api/returns: what became of what the recipient gave back, newest first, as far as whoever
/// asks may know of its shares; `request` narrows it to one request. In the recipient's own terms.
http::Response list_returns(Call& call);

}  // namespace sekisho::gateway
