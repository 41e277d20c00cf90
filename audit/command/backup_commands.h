// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "audit/command/command.h"

namespace sekisho::audit {

/// sekisho-audit backup --data DIR --to DIR
ExitCode backup_data(std::span<const std::string_view> arguments, std::ostream& out);
/// sekisho-audit restore --from COPY --data DIR [--anchor DIR] [--accept-loss]
ExitCode restore_data(std::span<const std::string_view> arguments, std::ostream& out);

}  // namespace sekisho::audit
