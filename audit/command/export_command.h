// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit {

/// `sekisho-audit export` (docs/formats/audit.md, "Export"). `arguments` are what follows "export".
/// Throws UsageError, AuditError or db::Error.
ExitCode export_entries(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
