// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit {

// What the usage text says; `arguments` follow the subcommand. Throw UsageError, AuditError or
// db::Error.
ExitCode checkpoint(std::span<const std::string_view> arguments, std::ostream& out);
ExitCode prove(std::span<const std::string_view> arguments, std::ostream& out);
ExitCode receipt(std::span<const std::string_view> arguments, std::ostream& out);
/// The checkpoint last, so that whoever reads it finds the tiles of its size.
ExitCode publish(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
