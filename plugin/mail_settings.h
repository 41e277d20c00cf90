// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/postman.h"
#include "plugin/settings.h"

namespace sekisho::plugin {

/// The object "Mail". What is wrong is in the settings' problems; then the options are of no use.
mail::Options read_mail(Settings settings);

}  // namespace sekisho::plugin
