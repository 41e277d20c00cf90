// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "staff/reply.h"
#include "staff/request.h"

namespace sekisho::staff {

/// What stands between the staff API and pages of other sites: a browser that has stored the
/// staff's login sends it along with whatever any page asks for. Looked at before anything else of
/// a call; `nullopt` lets it pass.
///
/// - 403 where the browser says that the page is not one of this server: `Sec-Fetch-Site` other
///   than same-origin and none, or an `Origin` whose authority is not the `Host` that was asked.
///   For GET too: readings of the access log are on record under the name of whoever is logged in.
/// - 415 where a call that may change something does not say `application/json`, also without a
///   body. No form can say that, and a script of another site only after asking (CORS preflight),
///   which Orthanc refuses.
std::optional<Reply> refuse_other_sites(const Request& request);

}  // namespace sekisho::staff
