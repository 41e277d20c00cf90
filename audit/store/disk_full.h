// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/error.h"

namespace sekisho::audit {

/// There is no room for what is to be written. What was there before is as it was, and no sync has
/// failed: the same may be tried again. Every other failure is final.
class DiskFull : public AuditError {
 public:
  using AuditError::AuditError;
};

}  // namespace sekisho::audit
