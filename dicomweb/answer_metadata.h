// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// WADO-RS, metadata (PS3.18 §10.4.1.1.2): headers without bulk data.
Reply answer_metadata(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
