// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command.h"

namespace sekisho::audit {

/// `sekisho-audit rotate-key` (docs/formats/audit.md). Throws UsageError, AuditError or db::Error.
ExitCode rotate_signing_key(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
