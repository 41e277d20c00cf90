// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>

namespace sekisho::staff {

/// What somebody is to the hospital. Orthanc knows no roles: whoever it lets in is staff.
enum class Role { staff };

/// Some of the roles. A value.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= 1U << static_cast<unsigned>(role);
  }
  constexpr bool empty() const { return bits_ == 0; }
  /// Whether a role is among both.
  constexpr bool meets(Roles others) const { return (bits_ & others.bits_) != 0; }

 private:
  unsigned bits_ = 0;
};

}  // namespace sekisho::staff
