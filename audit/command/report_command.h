// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit::report {

/// What `--help` says. To make a report it reads
/// audit-index.key and audit-wrap.key. Throws UsageError, AuditError or core::DatabaseError.
ExitCode run(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit::report
