// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json_body.h"

namespace sekisho::staff {

using core::BodyReader;
using core::parse_json_object;
using core::RequestProblems;
using core::to_text;
using core::Unreadable;

}  // namespace sekisho::staff
