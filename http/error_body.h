// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace sekisho::http {

/// What an answer with this status says: what every reader of the standard knows of the status,
/// nothing of the request. JSON, the same bytes each time.
std::string_view error_body(int status);

}  // namespace sekisho::http
