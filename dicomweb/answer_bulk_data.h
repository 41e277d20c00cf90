// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// WADO-RS, bulk data (PS3.18 §10.4.1.1.5): one value of one instance, pixels among them.
Reply answer_bulk_data(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
