// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::core {

/// A moment in UTC, in microseconds.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// Where time comes from. Nobody else asks for the time, so that a test can set it.
using Clock = std::function<Time()>;

Clock system_clock();

/// RFC 3339 in UTC with as many fractional digits as needed (0 or 6): "2026-01-31T09:00:00Z".
std::string to_rfc3339(Time time);

/// Accepts RFC 3339 with any offset and up to 9 fractional digits (cut to microseconds). Anything
/// else, a leap second included, is `nullopt`.
std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace sekisho::core
