// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

// What `--help` says. Throw UsageError, AuditError, core::DatabaseError or std::system_error.
ExitCode backup_data(const Options& options, std::ostream& out, std::ostream& err);
ExitCode restore_data(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
