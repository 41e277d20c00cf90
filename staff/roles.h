// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace sekisho::staff {

/// What somebody of the hospital may do (docs/roles.md). Nobody has one that was not given to them.
enum class Role {
  share,       ///< give data to recipients, and take it back
  approve,     ///< release what a mask would withhold
  administer,  ///< recipients, their credentials, keys, and what the log no longer keeps
  audit,       ///< read the access log, and hold what is in it
};
/// In the order of Role, as the configuration has them.
inline constexpr std::array<std::string_view, 4> kRoleNames = {"share", "approve", "administer",
                                                               "audit"};

/// Some of the roles. A value.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) add(role);
  }
  constexpr void add(Role role) { bits_ |= 1U << static_cast<unsigned>(role); }
  constexpr void add(Roles others) { bits_ |= others.bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  /// Whether a role is among both.
  constexpr bool meets(Roles others) const { return (bits_ & others.bits_) != 0; }
  friend constexpr bool operator==(Roles, Roles) = default;

 private:
  unsigned bits_ = 0;
};
inline constexpr Roles kAllRoles = {Role::share, Role::approve, Role::administer, Role::audit};

/// Calls `take` with the name of each.
template <class Take>
void for_each_name(Roles roles, Take take) {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) {
    if (roles.meets({static_cast<Role>(i)})) take(std::string(kRoleNames[i]));
  }
}

}  // namespace sekisho::staff
