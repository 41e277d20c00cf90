// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/call.h"

namespace sekisho::gateway {

// The pages (ADR 51), for whoever comes from where a recipient may be. They are the same bytes for
// everybody and every id in the path, and say nothing of anybody: that is what /api is for.

/// The document; what it shows its script finds out.
http::Response show_page(Call& call);
/// The same, after which the browser has nothing left of us: the cookie neither, so it is for no
/// link on a page of others.
http::Response show_farewell(Call& call);
/// /app/{file}: what the document loads. Its name has the hash of its content, so it may be kept.
http::Response show_code(Call& call);

}  // namespace sekisho::gateway
