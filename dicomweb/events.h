// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/event.h"
#include "dicomweb/call.h"
#include "dicomweb/request.h"
#include "sharing/authenticate.h"
#include "sharing/share.h"

namespace sekisho::dicomweb {

/// What every event about a request says. `share` is null where no single share is meant, and where
/// disclosing says which.
audit::Event event_of(const Request& request, const sharing::Authenticated& who,
                      audit::EventCode code, const sharing::Share* share);

/// What a search or a question for metadata asks, as PS3.18 §10.6.1 has it on the wire: the target
/// below the root. In ASCII.
std::string query_text(const Request& request);

audit::Event event_of(const Call& call, audit::EventCode code, const sharing::Share* share);

}  // namespace sekisho::dicomweb
