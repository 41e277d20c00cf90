// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

// What `--help` says. Throw UsageError, AuditError or core::DatabaseError.
ExitCode init(const Options& options, std::ostream& out, std::ostream& err);
ExitCode verify_log(const Options& options, std::ostream& out, std::ostream& err);
/// Only of a log that is sound: what it says from now on is what it is held to.
ExitCode make_anchor(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
