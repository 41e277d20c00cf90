// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

/// What can be shared, newest first, with the patient as the files name them.
Reply list_studies(const Call& call);

}  // namespace sekisho::staff
