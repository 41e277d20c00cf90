// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit {

/// What the usage text says; `arguments` follow the subcommand. Reads audit-index.key. Throws
/// UsageError, AuditError or db::Error.
ExitCode history(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
