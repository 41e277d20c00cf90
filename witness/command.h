// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

namespace sekisho::witness {

/// What `sekisho-witness` ends with.
enum class ExitCode { good = 0, failed = 1, misused = 2 };

/// The command `sekisho-witness` (docs/operating.md, "Being a witness"): results to `out`,
/// complaints to `err`. `run` returns on SIGINT or SIGTERM, which the caller's threads must not
/// take themselves.
ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace sekisho::witness
