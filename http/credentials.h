// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace sekisho::http {

/// What stands behind the scheme and its blanks in an Authorization field (RFC 9110 §11.4), a view
/// into it; `nullopt` for another scheme. No other place for a credential is looked at: not the
/// query, not the body.
std::optional<std::string_view> credentials_of(std::string_view authorization,
                                               std::string_view scheme);

}  // namespace sekisho::http
