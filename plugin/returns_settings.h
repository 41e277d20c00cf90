// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "plugin/settings.h"
#include "returns/clamd.h"
#include "returns/inspector.h"

namespace sekisho::plugin {

/// What the hospital wants done with what comes back.
struct ReturnsOptions {
  returns::Room room{};
  returns::InspectorOptions inspector{};
  std::optional<returns::ClamdOptions> scanner{};  ///< `nullopt`: nothing is scanned
};

/// The object "Returns". What is wrong is in the settings' problems; then the options are of no
/// use.
ReturnsOptions read_returns(Settings settings);

}  // namespace sekisho::plugin
