// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

/// "sekisho-audit hold", "shred" and "prune": see Keeping. Throw UsageError, AuditError (also while
/// the service has the log) or core::DatabaseError.
ExitCode hold(const Options& options, std::ostream& out, std::ostream& err);
ExitCode shred(const Options& options, std::ostream& out, std::ostream& err);
ExitCode prune(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
