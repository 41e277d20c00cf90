// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/network.h"
#include "plugin/settings.h"
#include "staff/caller.h"

namespace sekisho::plugin {

/// The object "Staff". What is wrong is in the settings' problems; then the rules are of no use.
staff::CallerRules read_staff(Settings settings);

/// A list of networks that are believed in what they say of others: somewhere, not everywhere.
std::vector<core::Network> read_believed_peers(Settings& settings, const char* key);

}  // namespace sekisho::plugin
