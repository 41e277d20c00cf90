// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

/// `sekisho-audit export` (docs/formats/audit.md, "Export"). Throws UsageError, AuditError or
/// core::DatabaseError.
ExitCode export_entries(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
