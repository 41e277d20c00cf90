// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

/// `sekisho-audit rotate-key` and `recover` (docs/formats/audit.md). Throw UsageError, AuditError
/// or core::DatabaseError.
ExitCode rotate_signing_key(const Options& options, std::ostream& out, std::ostream& err);
ExitCode recover_log(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
