// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <optional>
#include <string_view>

namespace sekisho::anonymization {

/// A JSON object, strictly: no comments, no repeated names, nothing after it. `nullopt` for
/// anything else.
std::optional<Json::Value> parse_object(std::string_view json);

}  // namespace sekisho::anonymization
