// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// STOW-RS (PS3.18 §10.5): objects that a reader made go into the archive.
Reply answer_store(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
