// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/dates.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstdio>

#include "anonymization/date_shift_range.h"
#include "core/dicom/padding.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Vr;
using core::dicom::without_padding;
namespace chrono = std::chrono;

constexpr std::size_t kDateChars = 8;  // YYYYMMDD
constexpr double kOldestYears = 89;    // PS3.15 §E.3.6: beyond it age identifies (HIPAA §164.514)
constexpr std::string_view kCappedAge = "090Y";
constexpr std::string_view kCappedYears = "90";

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::optional<chrono::sys_days> parse_date(std::string_view text) {
  const auto year = parse<unsigned>(text.substr(0, 4));
  const auto month = parse<unsigned>(text.substr(4, 2));
  const auto day = parse<unsigned>(text.substr(6, 2));
  if (!year || !month || !day) return std::nullopt;
  const chrono::year_month_day date{chrono::year(static_cast<int>(*year)), chrono::month(*month),
                                    chrono::day(*day)};
  if (*year == 0 || !date.ok()) return std::nullopt;
  return chrono::sys_days(date);
}

std::string write_date(chrono::sys_days days) {
  const chrono::year_month_day date(days);
  std::array<char, kDateChars + 1> text{};
  std::snprintf(text.data(), text.size(), "%04u%02u%02u",
                static_cast<unsigned>(static_cast<int>(date.year())) % 10000,
                static_cast<unsigned>(date.month()) % 100, static_cast<unsigned>(date.day()) % 100);
  return std::string(text.data());
}

/// Which dates are moved, decided before they are (ADR 29). Every moved one is a date again, and
/// every one that was moved back is moved forth again.
struct DateRange {
  chrono::sys_days first;
  chrono::sys_days last;
  bool holds(chrono::sys_days date) const { return first <= date && date <= last; }
};
constexpr DateRange kMovable{chrono::year(1900) / 1 / 1, chrono::year(9999) / 12 / 31};
constexpr DateRange kMovableBack{kMovable.first, kMovable.last - kLargestDateShift};
static_assert(kMovable.first - kLargestDateShift >= chrono::sys_days(chrono::year(1) / 1 / 1));

const DateRange& range_of(DateMove move) {
  return move == DateMove::forth ? kMovable : kMovableBack;
}

/// Takes a two-digit number from the front of what may follow the date in a DT.
bool take_pair(std::string_view& text, unsigned greatest) {
  const auto number = text.size() < 2 ? std::nullopt : parse<unsigned>(text.substr(0, 2));
  if (!number || *number > greatest) return false;
  text.remove_prefix(2);
  return true;
}

bool is_sign(char c) { return c == '+' || c == '-'; }

/// &ZZXX: the hours and minutes from UTC.
bool is_zone(std::string_view text) {
  constexpr unsigned kMostHours = 14;
  if (text.empty() || !is_sign(text.front())) return false;
  text.remove_prefix(1);
  return take_pair(text, kMostHours) && take_pair(text, 59) && text.empty();
}

/// The time of day behind the date of a DT, [HH[MM[SS[.F{1,6}]]]][&ZZXX], without its zone, which
/// tells summer from winter. `nullopt` for anything else: it could be another date.
std::optional<std::string_view> time_of_day(std::string_view text) {
  constexpr std::size_t kMostFraction = 6;
  std::string_view rest = text;
  const bool has_seconds = take_pair(rest, 23) && take_pair(rest, 59) && take_pair(rest, 60);
  if (has_seconds && rest.starts_with('.')) {
    const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    if (end == 1 || end > 1 + kMostFraction) return std::nullopt;
    rest.remove_prefix(end);
  }
  if (!rest.empty() && !is_zone(rest)) return std::nullopt;
  return text.substr(0, text.size() - rest.size());
}

std::optional<std::string> shifted_one(std::string_view value, Vr vr, DateMove move,
                                       chrono::days shift) {
  const std::string_view text = without_padding(value);
  if (text.empty()) return std::string{};
  if (text.size() < kDateChars || (vr == Vr::DA && text.size() != kDateChars)) return std::nullopt;
  const auto date = parse_date(text.substr(0, kDateChars));
  const auto time = time_of_day(text.substr(kDateChars));
  if (!date || !time) return std::nullopt;
  if (shift == chrono::days(0)) return write_date(*date).append(*time);
  if (!range_of(move).holds(*date)) return std::nullopt;
  return write_date(move == DateMove::forth ? *date + shift : *date - shift).append(*time);
}

struct Unit {
  std::string_view code;  ///< UCUM
  double per_year;
};
constexpr Unit kUnits[] = {{"a", 1}, {"mo", 12}, {"wk", 52.1775}, {"d", 365.2425}};

}  // namespace

std::optional<std::string> shifted_date(std::string_view value, Vr vr, DateMove move,
                                        chrono::days shift) {
  assert(shift <= chrono::days(0) && -shift <= kLargestDateShift);
  std::string shifted;
  while (true) {
    const auto end = std::min(value.find('\\'), value.size());
    const auto one = shifted_one(value.substr(0, end), vr, move, shift);
    if (!one) return std::nullopt;
    shifted += *one;
    if (end == value.size()) return shifted;
    shifted += '\\';
    value.remove_prefix(end + 1);
  }
}

std::optional<std::string> capped_age(std::string_view value) {
  const std::string_view text = without_padding(value);
  if (text.empty()) return std::string{};
  constexpr std::size_t kAgeChars = 4;  // nnnD, nnnW, nnnM, nnnY
  const bool is_age = text.size() == kAgeChars && parse<unsigned>(text.substr(0, 3)) &&
                      std::string_view("DWMY").find(text.back()) != std::string_view::npos;
  if (!is_age) return std::nullopt;
  // 999 months are 83 years.
  const bool is_old = text.back() == 'Y' && *parse<unsigned>(text.substr(0, 3)) > kOldestYears;
  return std::string(is_old ? kCappedAge : text);
}

std::optional<std::string_view> capped_age(std::string_view number, std::string_view unit) {
  const auto* known = std::ranges::find(kUnits, without_padding(unit), &Unit::code);
  const auto age = parse<double>(without_padding(number));
  if (known == std::end(kUnits) || !age || !(*age >= 0)) return std::nullopt;
  if (*age < (kOldestYears + 1) * known->per_year) return without_padding(number);
  return known->per_year == 1 ? std::optional(kCappedYears) : std::nullopt;
}

}  // namespace sekisho::anonymization
