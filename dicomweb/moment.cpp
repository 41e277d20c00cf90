// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/moment.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/dicom/padding.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Vr;
using core::dicom::without_padding;

constexpr std::size_t kDateDigits = 8;
constexpr std::size_t kTimeDigits = 12;

/// How many digits a complete value has: enough to compare any two as text.
std::size_t complete_digits(Vr vr) {
  if (vr == Vr::DA) return kDateDigits;
  return vr == Vr::TM ? kTimeDigits : kDateDigits + kTimeDigits;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string pad(std::string digits, std::size_t size, char with) {
  digits.resize(size, with);
  return digits;
}

/// As far as they are given: 2024.01.31 and 12:30 lose their marks, a time its decimal point.
std::optional<std::string> digits_of(std::string_view text, Vr vr) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) {
      digits.push_back(c);
    } else if (c != (vr == Vr::DA ? '.' : ':') && (vr == Vr::DA || c != '.')) {
      return std::nullopt;
    }
  }
  const bool fits =
      vr == Vr::DA ? digits.size() == kDateDigits : digits.size() <= complete_digits(vr);
  if (digits.empty() || !fits) return std::nullopt;
  return digits;
}

/// Where the hyphen of a range is; npos: no range. In a DT a hyphen may also begin an offset from
/// UTC of at most twelve hours (PS3.4 §C.2.2.2.5.4).
std::size_t find_range_hyphen(std::string_view text, Vr vr) {
  std::size_t hyphen = text.find('-');
  if (vr != Vr::DT) return hyphen;
  for (; hyphen != std::string_view::npos; hyphen = text.find('-', hyphen + 1)) {
    const std::string_view after = text.substr(hyphen + 1);
    const auto end = std::find_if_not(after.begin(), after.end(), is_digit);
    const bool four = end - after.begin() == 4 && (end == after.end() || *end == '-');
    if (hyphen == 0 || !four || after.substr(0, 4) > "1200") return hyphen;
  }
  return hyphen;
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// The digits of `value`, which is not negative, as so many.
std::string as_digits(long value, std::size_t size) {
  const std::string digits = std::to_string(value);
  return std::string(size - std::min(size, digits.size()), '0') + digits;
}

std::optional<std::chrono::sys_days> day_of(std::string_view date) {
  const std::chrono::year_month_day day{
      std::chrono::year{number(date.substr(0, 4))},
      std::chrono::month{static_cast<unsigned>(number(date.substr(4, 2)))},
      std::chrono::day{static_cast<unsigned>(number(date.substr(6, 2)))}};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days{day};
}

std::string date_digits(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  return as_digits(static_cast<int>(date.year()), 4) +
         as_digits(static_cast<unsigned>(date.month()), 2) +
         as_digits(static_cast<unsigned>(date.day()), 2);
}

}  // namespace

std::optional<UtcOffset> parse_utc_offset(std::string_view text) {
  text = without_padding(text);
  if (text.size() != 5 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const std::string_view digits = text.substr(1);
  if (!std::ranges::all_of(digits, is_digit)) return std::nullopt;
  const int minutes = number(digits.substr(2));
  const UtcOffset size = std::chrono::hours(number(digits.substr(0, 2))) + UtcOffset(minutes);
  const UtcOffset offset = text.front() == '-' ? -size : size;
  using std::chrono::hours;
  if (minutes > 59 || offset < hours(-12) || offset > hours(14)) return std::nullopt;
  return offset;
}

std::optional<Moment> Moment::read(std::string_view text, Vr vr) {
  text = without_padding(text);
  Moment moment;
  if (vr == Vr::DT) {
    const std::size_t sign = text.find_first_of("+-");
    if (sign != std::string_view::npos) moment.offset = parse_utc_offset(text.substr(sign));
    text = text.substr(0, sign);
  }
  auto digits = digits_of(text, vr);
  if (!digits) return std::nullopt;
  moment.given = digits->size();
  moment.digits = pad(*std::move(digits), complete_digits(vr), '0');
  return moment;
}

Moment Moment::join(const Moment& date, const std::optional<Moment>& time) {
  return {date.digits + (time ? time->digits : pad("", kTimeDigits, '0')),
          date.given + (time ? time->given : 0), std::nullopt};
}

Moment shifted(Moment moment, UtcOffset by) {
  const std::size_t date_size = moment.digits.size() - kTimeDigits;
  const std::string_view date = std::string_view(moment.digits).substr(0, date_size);
  const std::string_view time = std::string_view(moment.digits).substr(date_size);
  const UtcOffset clock =
      std::chrono::hours(number(time.substr(0, 2))) + UtcOffset(number(time.substr(2, 2)));
  if (moment.given < date_size + 2 || clock >= std::chrono::days(1)) return moment;
  const auto day = date_size == 0 ? std::chrono::sys_days{} : day_of(date);
  if (!day) return moment;
  const auto then = *day + clock + by;
  const auto then_day = std::chrono::floor<std::chrono::days>(then);
  const int year = static_cast<int>(std::chrono::year_month_day{then_day}.year());
  if (year < 0 || year > 9999) return moment;
  const auto then_minutes = (then - then_day).count();
  std::string digits = date_size == 0 ? std::string() : date_digits(then_day);
  digits += as_digits(then_minutes / 60, 2) + as_digits(then_minutes % 60, 2);
  digits += time.substr(4);
  moment.digits = std::move(digits);
  return moment;
}

std::optional<MomentRange> MomentRange::parse(std::string_view text, Vr vr) {
  text = without_padding(text);
  const std::size_t hyphen = find_range_hyphen(text, vr);
  const bool is_range = hyphen != std::string_view::npos;
  const std::string_view first = without_padding(text.substr(0, hyphen));
  const std::string_view last = is_range ? without_padding(text.substr(hyphen + 1)) : text;
  if (first.empty() && last.empty()) return std::nullopt;
  const std::size_t size = complete_digits(vr);
  const auto from = Moment::read(first, vr);
  const auto until = Moment::read(last, vr);
  if ((!first.empty() && !from) || (!last.empty() && !until)) return std::nullopt;
  const Form form = !is_range ? Form::single
                    : !until  ? Form::from
                    : !from   ? Form::until
                              : Form::between;
  Bound begin{from ? from->digits : pad("", size, '0'), from ? from->offset : std::nullopt};
  Bound end{until ? pad(until->digits.substr(0, until->given), size, '9') : pad("", size, '9'),
            until ? until->offset : std::nullopt};
  return MomentRange(form, std::move(begin), std::move(end));
}

MomentRange MomentRange::join(const MomentRange& date, const MomentRange& time) {
  // An open end is open, whatever the time of it.
  return {date.form_,
          {date.first_.digits + time.first_.digits, {}},
          {date.last_.digits + time.last_.digits, {}}};
}

bool MomentRange::contains(const Moment& moment) const {
  return first_.digits <= moment.digits && moment.digits <= last_.digits;
}

bool MomentRange::contains(const Moment& moment, std::optional<UtcOffset> here,
                           std::optional<UtcOffset> there) const {
  const auto clock = moment.offset ? moment.offset : there;
  const auto seen_from = [&](const Bound& bound) {
    const auto bound_clock = bound.offset ? bound.offset : here;
    return bound_clock && clock ? shifted(moment, *bound_clock - *clock) : moment;
  };
  return first_.digits <= seen_from(first_).digits && seen_from(last_).digits <= last_.digits;
}

}  // namespace sekisho::dicomweb
