// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit::report {

/// What the usage text says; `arguments` follow the subcommand. To make a report it reads
/// audit-index.key and audit-wrap.key. Throws UsageError, AuditError or db::Error.
ExitCode run(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit::report
