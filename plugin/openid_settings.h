// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "openid/provider.h"
#include "plugin/settings.h"

namespace sekisho::plugin {

/// The object "OpenId". `public_url` is that of the door, to which the provider sends browsers
/// back. What is wrong is in the settings' problems; then the options are of no use.
openid::Options read_openid(Settings settings, const std::string& public_url);

}  // namespace sekisho::plugin
