// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/command_line.h"

namespace sekisho::audit {

// What every command is made of.
using core::ExitCode;
using core::Options;
using core::UsageError;

}  // namespace sekisho::audit
