// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/authorize.h"

namespace sekisho::sharing {
namespace {

struct InScope {
  const Scope& scope;
  bool operator()(const WholeShare&) const { return true; }
  template <class Key>
  bool operator()(const Key& key) const {
    return covers(scope, key);
  }
};

}  // namespace

std::optional<Denial> not_valid(const Share& share, core::Time now) {
  if (now < share.not_before) return Denial::not_yet_valid;
  if (now >= share.expires_at) return Denial::expired_share;
  if (share.revoked_at) return Denial::revoked_share;
  if (share.key_destroyed_at) return Denial::destroyed_key;
  return std::nullopt;
}

bool opens(const Authenticated& who, const Share& share) {
  return who.recipient().id == share.recipient &&
         (!who.only_share() || *who.only_share() == share.id);
}

std::variant<Grant, Denial> authorize(const Share& share, const Authenticated& who,
                                      Permission permission, const Object& object, core::Time now) {
  if (!opens(who, share)) return Denial::foreign_share;
  if (const auto denial = not_valid(share, now)) return *denial;
  if (who.assurance() < share.assurance) return Denial::weak_assurance;
  if (!allows(share.permissions, permission)) return Denial::missing_permission;
  if (!std::visit(InScope{share.scope}, object)) return Denial::out_of_scope;
  return Grant(share.id, share.recipient, permission, object);
}

}  // namespace sekisho::sharing
