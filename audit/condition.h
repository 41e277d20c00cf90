// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::audit {

/// What the log takes.
enum class Condition {
  sound,   ///< everything
  saving,  ///< the disk is full and the reserve given up: all but what recipients begin
  full,    ///< the disk is full: nothing, until there is room again
  broken,  ///< nothing, until the process starts anew
};

}  // namespace sekisho::audit
