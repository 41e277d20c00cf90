// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <optional>
#include <string>

#include "sharing/share.h"
#include "staff/call.h"

namespace sekisho::staff {

/// A share and whose it is.
struct KnownShare {
  sharing::Share share;
  sharing::Recipient recipient;
};

/// Throws core::DatabaseError where the database has no such recipient.
KnownShare with_recipient(const Call& call, sharing::Share share);
/// The one that the first id of the path names.
std::optional<KnownShare> share_of(const Call& call);
Reply no_such_share();

Json::Value names_of(const sharing::Permissions& permissions);
/// The same with blanks between them, as facts of events have it.
std::string in_words(const sharing::Permissions& permissions);
/// Null if it cannot be read: such a share shows nothing to anybody.
Json::Value resolved_profile_of(const sharing::Share& share);
/// All that staff may see: the link's hash is none of it. `profile` is resolved_profile_of() it.
Json::Value to_json(const KnownShare& known, const Call& call, const Json::Value& profile);
Json::Value to_json(const KnownShare& known, const Call& call);

/// What staff are about to do to a share; the caller appends it.
audit::Event event_about(const Call& call, audit::EventCode code, const KnownShare& known);

}  // namespace sekisho::staff
