// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command_line.h"

namespace sekisho::audit {

/// All that `sekisho-audit` can do, and the one meaning of each of its options.
const core::Program& audit_program();

/// The command `sekisho-audit` (docs/formats/audit.md, "Command"): results to `out`, complaints to
/// `err`. `arguments` are what follows the name of the program.
ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace sekisho::audit
