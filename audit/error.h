// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace sekisho::audit {

/// The log cannot be written or is not what it should be: nothing may be served.
class AuditError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sekisho::audit
