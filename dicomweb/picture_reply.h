// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"
#include "dicomweb/desk.h"
#include "dicomweb/parts_body.h"
#include "dicomweb/reply.h"

namespace sekisho::dicomweb {

/// 406, where there is no such picture of it.
Reply refuse_unseen(Desk& desk, const Call& call, const Granted& granted);

/// Bytes that are here already, made of what was granted. Throws audit::AuditError.
Reply send_made(Desk& desk, const Call& call, Granted granted, RecordedAs as,
                PartsBody::Parts parts);

}  // namespace sekisho::dicomweb
