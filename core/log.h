// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string_view>

namespace sekisho::core {

enum class Severity { info, warning, error };

/// Where operators read what happened: Orthanc's log in the plugin. Any thread may call it.
/// Never patient data, UIDs, tokens or keys: share id, request id and receipt number only.
using Log = std::function<void(Severity, std::string_view)>;

}  // namespace sekisho::core
