// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "core/command_line.h"

namespace sekisho::witness {

using core::ExitCode;

/// All that `sekisho-witness` can do, and the one meaning of each of its options.
const core::Program& witness_program();

/// The command `sekisho-witness` (docs/operating.md, "Being a witness"): results to `out`,
/// complaints to `err`. `run` returns on SIGINT or SIGTERM, which the caller's threads must not
/// take themselves.
ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace sekisho::witness
