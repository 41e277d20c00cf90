// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

/// What `--help` says. Throws UsageError, AuditError or core::DatabaseError.
ExitCode consistency(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
