// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/utf8.h"

namespace sekisho::audit {

using core::is_utf8;
using core::utf8_length;

}  // namespace sekisho::audit
