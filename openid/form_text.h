// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::openid {

/// Everything but letters, digits and "-._~" as "%XX" (RFC 3986 §2.3): good for a query, and for
/// application/x-www-form-urlencoded too.
std::string percent_encoded(std::string_view text);

/// "name=value" for each, with "&" between them.
std::string form_text(
    const std::vector<std::pair<std::string_view, std::string_view>>& names_and_values);

}  // namespace sekisho::openid
