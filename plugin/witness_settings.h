// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugin/settings.h"
#include "plugin/witness_policy.h"

namespace sekisho::plugin {

/// The object "Witnesses". What is wrong is in the settings' problems; then the policy is of no
/// use.
WitnessPolicy read_witnesses(Settings settings);

}  // namespace sekisho::plugin
