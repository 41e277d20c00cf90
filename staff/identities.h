// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "staff/call.h"

namespace sekisho::staff {

// Who people are at the identity provider (docs/openid.md). Every change is on record before it is
// made, and ends all sessions of the person; whoever is told to do what is done already answers as
// if it had done it, and puts nothing on record.

/// Ties a person to the "Subject" that the configured provider knows them by, in place of another
/// one. 409 where no provider is configured, and where somebody else has it.
Reply link_identity(const Call& call);
/// 200 with the person, who signs in by whatever else they have.
Reply unlink_identity(const Call& call);

}  // namespace sekisho::staff
