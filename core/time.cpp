// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/time.h"

#include <charconv>
#include <cstdio>

namespace sekisho::core {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes exactly `digits` decimal digits off the front of `rest`.
std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
  if (rest.size() < digits) return std::nullopt;
  int value = 0;
  for (char c : rest.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  rest.remove_prefix(digits);
  return value;
}

bool take(std::string_view& rest, char expected) {
  if (rest.empty() || rest.front() != expected) return false;
  rest.remove_prefix(1);
  return true;
}

std::optional<microseconds> take_fraction(std::string_view& rest) {
  if (!take(rest, '.')) return microseconds{0};
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
    if (digits < 6) value = value * 10 + (rest[digits] - '0');
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  rest.remove_prefix(digits);
  for (; digits < 6; ++digits) value *= 10;
  return microseconds{value};
}

std::optional<minutes> take_offset(std::string_view& rest) {
  if (take(rest, 'Z') || take(rest, 'z')) return minutes{0};
  const bool east = !rest.empty() && rest.front() == '+';
  if (!east && (rest.empty() || rest.front() != '-')) return std::nullopt;
  rest.remove_prefix(1);
  const auto h = take_number(rest, 2);
  if (!h || *h > 23 || !take(rest, ':')) return std::nullopt;
  const auto m = take_number(rest, 2);
  if (!m || *m > 59) return std::nullopt;
  const minutes offset = hours{*h} + minutes{*m};
  return east ? offset : -offset;
}

}  // namespace

Clock system_clock() {
  return
      [] { return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now()); };
}

std::string to_rfc3339(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[64];
  int size = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  std::string result(text, static_cast<std::size_t>(size));
  if (clock.subseconds().count() != 0) {
    size = std::snprintf(text, sizeof text, ".%06d", static_cast<int>(clock.subseconds().count()));
    result.append(text, static_cast<std::size_t>(size));
  }
  return result + 'Z';
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date}} + hours{*hour} + minutes{*minute} + seconds{*second} +
         *fraction - *offset;
}

}  // namespace sekisho::core
