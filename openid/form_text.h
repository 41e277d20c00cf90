// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::openid {

/// "name=value" for each, percent-encoded, with "&" between them: good for a query, and for
/// application/x-www-form-urlencoded too.
std::string form_text(
    const std::vector<std::pair<std::string_view, std::string_view>>& names_and_values);

}  // namespace sekisho::openid
