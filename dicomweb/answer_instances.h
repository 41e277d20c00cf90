// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicomweb/call.h"

namespace sekisho::dicomweb {

class Desk;

/// WADO-RS, DICOM instances (PS3.18 §10.4.1.1.1): the masked files of a study, series or instance.
Reply answer_instances(Desk& desk, Call& call);

}  // namespace sekisho::dicomweb
