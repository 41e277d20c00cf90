// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// QIDO-RS (PS3.18 §10.6): what the recipient's shares have that matches.
Reply answer_search(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
