// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

namespace sekisho::audit {

/// What `sekisho-audit` ends with.
enum class ExitCode { sound = 0, unsound = 1, unusable = 2 };

/// The command `sekisho-audit` (docs/formats/audit.md, "Command"): results to `out`, complaints to
/// `err`. `arguments` are what follows the name of the program.
ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace sekisho::audit
