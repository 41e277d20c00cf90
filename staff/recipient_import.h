// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

/// Registers and changes the recipients of a CSV file, all of them or, where one line cannot be
/// taken (400) or look-alikes are not acknowledged (409), none. What the answer says of each line
/// is said of a `DryRun` too, which changes nothing. On record as registrations and changes, with
/// the SHA-256 of the file and the line, before anything is changed.
Reply import_recipients(const Call& call);

}  // namespace sekisho::staff
