// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit {

/// `sekisho-audit rotate-key` and `recover` (docs/formats/audit.md). Throw UsageError, AuditError
/// or db::Error.
ExitCode rotate_signing_key(std::span<const std::string_view> arguments, std::ostream& out);
ExitCode recover_log(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
