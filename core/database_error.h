// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace sekisho::core {

/// A store could not do what was asked of it, whatever database it is kept in, or holds what none
/// of ours wrote. "It is not there" is never a DatabaseError. The text is for staff and operators:
/// no path, no value.
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sekisho::core
