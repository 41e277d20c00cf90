// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "audit/command/command_line.h"

namespace sekisho::audit {

// What `--help` says. Throw UsageError, AuditError or
// core::DatabaseError.
ExitCode checkpoint(const Options& options, std::ostream& out, std::ostream& err);
ExitCode prove(const Options& options, std::ostream& out, std::ostream& err);
ExitCode receipt(const Options& options, std::ostream& out, std::ostream& err);
ExitCode rotations(const Options& options, std::ostream& out, std::ostream& err);
/// The checkpoint last, so that whoever reads it finds the tiles of its size.
ExitCode publish(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace sekisho::audit
