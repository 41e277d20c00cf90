// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// WADO-RS, frames (PS3.18 §10.4.1.1.6): pixels of one instance, each frame by itself.
Reply answer_frames(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
