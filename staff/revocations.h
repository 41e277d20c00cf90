// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "staff/call.h"
#include "staff/known_share.h"

namespace sekisho::staff {

// Many shares at once, each with an entry of its own before it ends; running downloads end within a
// second. The answer lists those that were revoked by this call: none where none was left.

Reply revoke_shares_of_recipient(const Call& call);
/// What is for this one person alone.
Reply revoke_shares_of_person(const Call& call);
/// Whatever has something of the patient in its scope, also where others are in it.
Reply revoke_shares_of_patient(const Call& call);

/// What goes on record of a revocation. `cause` is empty where staff revoke this very share.
audit::Event revocation_of(const Call& call, const KnownShare& known, std::string_view cause,
                           const std::string& reason);

}  // namespace sekisho::staff
