// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

/// What `--help` says. Reads audit-index.key, and audit-wrap.key unless --hashed. Throws
/// UsageError, AuditError or core::DatabaseError.
ExitCode history(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
