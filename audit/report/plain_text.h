// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/report/zone.h"

namespace sekisho::audit::report {

/// What can be shown without doing anything to what stands around it: control characters, bytes
/// that are not UTF-8 and what turns the direction of writing become U+FFFD.
std::string printable(std::string_view text);

/// "2026-01-31 21:00:00", so far ahead of UTC.
std::string local_time(core::Time time, Offset offset);
/// "1,234,567".
std::string grouped(std::uint64_t number);

}  // namespace sekisho::audit::report
