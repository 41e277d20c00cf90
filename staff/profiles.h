// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

StaffReply list_profiles(const StaffCall& call);
/// Every rule of a profile, with where it comes from. The query holds the members of a request,
/// their texts separated by commas: ?options=RetainUids,CleanGraphics.
StaffReply show_profile(const StaffCall& call);

}  // namespace sekisho::staff
