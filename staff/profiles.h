// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

Reply list_profiles(const Call& call);
/// Every rule of a profile, with where it comes from. The query holds the members of a request,
/// their texts separated by commas: ?options=RetainUids,CleanGraphics.
Reply show_profile(const Call& call);

}  // namespace sekisho::staff
