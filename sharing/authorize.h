// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <variant>

#include "sharing/authenticate.h"
#include "sharing/denial.h"
#include "sharing/share.h"

namespace sekisho::sharing {

/// What is asked for: a whole share, or one study, series or instance by its original UIDs.
struct WholeShare {};
using Object = std::variant<WholeShare, core::StudyKey, core::SeriesKey, core::InstanceKey>;

/// The permission to serve one object of one share to one recipient. Only authorize() makes one.
class Grant {
 public:
  const ShareId& share() const { return share_; }
  const RecipientId& recipient() const { return recipient_; }
  Permission permission() const { return permission_; }
  const Object& object() const { return object_; }

 private:
  Grant(ShareId share, RecipientId recipient, Permission permission, Object object)
      : share_(std::move(share)),
        recipient_(std::move(recipient)),
        permission_(permission),
        object_(std::move(object)) {}
  friend std::variant<Grant, Denial> authorize(const Share&, const Authenticated&, Permission,
                                               const Object&, core::Time);
  ShareId share_;
  RecipientId recipient_;
  Permission permission_;
  Object object_;
};

/// Why a share opens for nobody at that moment, if so; `now` equal to the expiry is expired.
std::optional<Denial> not_valid(const Share& share, core::Time now);

/// Why somebody may know nothing of a share, if so: a link opens its own share only, nobody opens
/// somebody else's, a token for some shares no other, and that of one person of a recipient opens
/// for their sessions alone.
std::optional<Denial> not_theirs(const Authenticated& who, const Share& share);
inline bool opens(const Authenticated& who, const Share& share) { return !not_theirs(who, share); }

/// What somebody may do with a share that opens for them: what it allows, as far as their token
/// does.
Permissions permitted(const Authenticated& who, const Share& share);

/// Pure: same arguments, same answer, nothing read or written.
std::variant<Grant, Denial> authorize(const Share& share, const Authenticated& who,
                                      Permission permission, const Object& object, core::Time now);

}  // namespace sekisho::sharing
