// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/time.h"

namespace sekisho::core {

/// A moment to the second as fields of HTTP and of mail have it, in English whatever the locale is:
/// "Tue, 01 Dec 2026 07:30:00 GMT". `zone` is how UTC is called: "GMT" is RFC 9110 §5.6.7
/// (IMF-fixdate), "+0000" RFC 5322 §3.3.
std::string to_internet_date(Time time, std::string_view zone);

}  // namespace sekisho::core
