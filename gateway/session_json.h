// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include "access/session.h"
#include "core/time.h"

namespace sekisho::gateway {

/// A session as those read it whose it is.
Json::Value to_json(const access::Session& session, core::Time now);

}  // namespace sekisho::gateway
