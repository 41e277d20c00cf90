// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/authorize.h"

#include <algorithm>

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

bool is_person(const Authenticated& who, const std::string& person) {
  const auto& signed_in = who.credential().signed_in;
  return signed_in && signed_in->person == person;
}

}  // namespace

std::optional<Denial> not_valid(const Share& share, core::Time now) {
  if (now < share.not_before) return Denial::not_yet_valid;
  if (now >= share.expires_at) return Denial::expired_share;
  if (share.revoked_at) return Denial::revoked_share;
  if (share.key_destroyed_at) return Denial::destroyed_key;
  if (awaits_approval(share)) return Denial::unapproved_share;
  return std::nullopt;
}

std::optional<Denial> not_theirs(const Authenticated& who, const Share& share) {
  const bool is_foreign =
      who.recipient().id != share.recipient || (who.only_share() && *who.only_share() != share.id);
  if (is_foreign) return Denial::foreign_share;
  const auto& only_these = who.scope().shares;
  if (only_these && !std::ranges::binary_search(*only_these, share.id)) return Denial::narrow_token;
  if (!share.person.empty() && !is_person(who, share.person)) return Denial::other_person;
  return std::nullopt;
}

Permissions permitted(const Authenticated& who, const Share& share) {
  return common(share.permissions, who.scope().permissions);
}

std::variant<Grant, Denial> authorize(const Share& share, const Authenticated& who,
                                      Permission permission, const Object& object, core::Time now) {
  if (const auto denial = not_theirs(who, share)) return *denial;
  if (const auto denial = not_valid(share, now)) return *denial;
  if (who.assurance() < share.assurance) return Denial::weak_assurance;
  if (!allows(share.permissions, permission)) return Denial::missing_permission;
  if (!allows(permitted(who, share), permission)) return Denial::narrow_token;
  if (!std::visit(InScope{share.scope}, object)) return Denial::out_of_scope;
  return Grant(share.id, share.recipient, permission, object);
}

}  // namespace sekisho::sharing
