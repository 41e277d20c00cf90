// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit {

/// "sekisho-audit hold", "shred" and "prune": see Keeping. Throw UsageError, AuditError (also while
/// the service has the log) or db::Error.
ExitCode hold(std::span<const std::string_view> arguments, std::ostream& out);
ExitCode shred(std::span<const std::string_view> arguments, std::ostream& out);
ExitCode prune(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
