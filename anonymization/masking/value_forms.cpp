// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/value_forms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>
#include <utility>

#include "core/dicom/padding.h"
#include "core/dicom/values.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::ByteView;
using core::dicom::Vr;

/// A set of bytes.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (char byte : bytes) in_[static_cast<Byte>(byte)] = true;
  }
  bool has_all(ByteView value) const {
    return std::ranges::all_of(value, [this](Byte byte) { return in_[byte]; });
  }

 private:
  std::array<bool, 256> in_{};
};

// One value of a VR, without padding (PS3.5 Table 6.2-1).

/// Upper case is what the standard asks for; machines write lower case and a few marks. A name of
/// sixteen letters passes: no form tells it from a code.
constexpr std::size_t kLongestCode = 16;
constexpr ByteSet kCodes{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./+-"};
bool is_code(std::string_view text) {
  return text.size() <= kLongestCode && kCodes.has_all(core::as_bytes(text));
}

bool is_application_entity(std::string_view text) {
  constexpr std::size_t kLongest = 16;
  return text.size() <= kLongest &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool are_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }
bool is_sign(char c) { return c == '+' || c == '-'; }

/// A zero of the form stands for any digit.
bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(
      text, form, [](char c, char of_form) { return of_form == '0' ? is_digit(c) : c == of_form; });
}

bool is_age(std::string_view text) {
  constexpr std::size_t kLongest = 4;
  return text.size() > 1 && text.size() <= kLongest &&
         are_digits(text.substr(0, text.size() - 1)) &&
         std::string_view("DWMY").find(text.back()) != std::string_view::npos;
}

/// With dots: ACR-NEMA.
bool is_date(std::string_view text) {
  return has_form(text, "00000000") || has_form(text, "0000.00.00");
}

/// Nothing, or .F{1,6}
bool is_fraction(std::string_view text) {
  constexpr std::size_t kLongest = 7;
  return text.empty() || (text.size() > 1 && text.size() <= kLongest && text.front() == '.' &&
                          are_digits(text.substr(1)));
}

/// With colons: ACR-NEMA.
bool is_time(std::string_view text) {
  for (const std::string_view form : {"000000", "00:00:00"}) {
    if (has_form(text.substr(0, form.size()), form)) return is_fraction(text.substr(form.size()));
  }
  return has_form(text, "0000") || has_form(text, "00") || has_form(text, "00:00");
}

bool is_date_time(std::string_view text) {
  constexpr std::size_t kYear = 4;
  constexpr std::size_t kToSeconds = 14;
  const std::size_t zone = text.find_first_of("+-");
  if (zone != std::string_view::npos && !has_form(text.substr(zone + 1), "0000")) return false;
  text = text.substr(0, zone);
  const std::string_view to_seconds = text.substr(0, kToSeconds);
  return to_seconds.size() >= kYear && to_seconds.size() % 2 == 0 && are_digits(to_seconds) &&
         is_fraction(text.substr(to_seconds.size()));
}

std::size_t digits_before(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

bool is_integer(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  if (text.empty() || text.size() > kLongest) return false;
  if (is_sign(text.front())) text.remove_prefix(1);
  return !text.empty() && are_digits(text);
}

/// Longer than the 16 characters of the standard: machines write every digit of a double.
bool is_decimal(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  if (text.empty() || text.size() > kLongest) return false;
  if (is_sign(text.front())) text.remove_prefix(1);
  std::size_t digits = digits_before(text);
  text.remove_prefix(digits);
  if (text.starts_with('.')) {
    const std::size_t decimals = digits_before(text.substr(1));
    text.remove_prefix(1 + decimals);
    digits += decimals;
  }
  if (digits == 0 || text.empty()) return digits != 0;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  return is_integer(text);
}

constexpr std::size_t kLongestDecimal = 16;  // PS3.5 Table 6.2-1

/// Of what is_decimal().
double number_of(std::string_view decimal) {
  if (decimal.starts_with('+')) decimal.remove_prefix(1);
  double number = 0;
  const auto parsed = std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
  return parsed.ec == std::errc{} ? number : HUGE_VAL;
}

bool is_uid(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return text.size() <= kLongest &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

/// RFC 3986 §2.
constexpr ByteSet kUriBytes{
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"};
bool is_uri(std::string_view text) { return kUriBytes.has_all(core::as_bytes(text)); }

using Fits = bool (*)(std::string_view);
/// Of one value that is not empty; null for VRs without a form of their own.
Fits form_of(Vr vr) {
  switch (vr) {
    case Vr::AE:
      return is_application_entity;
    case Vr::AS:
      return is_age;
    case Vr::CS:
      return is_code;
    case Vr::DA:
      return is_date;
    case Vr::DS:
      return is_decimal;
    case Vr::DT:
      return is_date_time;
    case Vr::IS:
      return is_integer;
    case Vr::TM:
      return is_time;
    case Vr::UI:
      return is_uid;
    case Vr::UR:
      return is_uri;
    default:
      return nullptr;
  }
}

/// Calls `see` with each value, padding and all; a UR is one (PS3.5 §6.2).
template <class See>
void for_each_value(Vr vr, std::string_view values, See see) {
  if (vr == Vr::UR) return see(values);
  core::dicom::for_each_value(values, see);
}

/// What the standard asks for beyond what readers take: a repaired value differs, one that is
/// right is kept to the byte.
bool is_right(Vr vr, std::string_view text, std::string_view padded) {
  if (vr == Vr::DS) return text.size() <= kLongestDecimal;
  // PS3.5 §9.1: padded with one zero, never with spaces.
  return vr != Vr::UI || padded.find(' ') == padded.npos;
}

// ---- repairs

/// With as many digits as 16 characters hold.
std::string rounded(double number) {
  std::array<char, 32> text{};
  for (int digits = kLongestDecimal; digits > 0; --digits) {
    const auto written = std::to_chars(text.data(), text.data() + text.size(), number,
                                       std::chars_format::general, digits);
    const auto size = static_cast<std::size_t>(written.ptr - text.data());
    if (size <= kLongestDecimal) return {text.data(), size};
  }
  return {};
}

/// A decimal comma as a point. Not where it could part thousands: 1,234 is two numbers.
std::string with_decimal_point(std::string_view text) {
  std::string with_point(text);
  const std::size_t comma = text.find(',');
  if (comma == text.npos || text.find('.') != text.npos) return with_point;
  constexpr std::size_t kThousands = 3;
  const std::string_view whole = text.substr(0, comma).substr(is_sign(text.front()) ? 1 : 0);
  const bool may_part_thousands = digits_before(text.substr(comma + 1)) == kThousands &&
                                  !whole.empty() && whole.size() <= kThousands && whole != "0";
  if (!may_part_thousands) with_point[comma] = '.';
  return with_point;
}

std::string repaired_decimal(std::string_view text) {
  std::string repaired = with_decimal_point(text);
  if (!is_decimal(repaired)) return {};
  if (repaired.size() <= kLongestDecimal) return repaired;
  const double number = number_of(repaired);
  return std::isfinite(number) ? rounded(number) : std::string();
}

/// A fraction is rounded: readers stumble over it, or cut it.
std::string repaired_integer(std::string_view text) {
  constexpr double kGreatest = 2147483647;  // PS3.5 Table 6.2-1
  const std::string decimal = repaired_decimal(text);
  if (decimal.empty()) return {};
  const double number = std::round(number_of(decimal));
  const bool is_in_range = std::abs(number) <= kGreatest;
  return is_in_range ? std::to_string(static_cast<std::int32_t>(number)) : std::string();
}

/// 2024-01-17 and 2024/01/17.
std::string repaired_date(std::string_view text) {
  if (!has_form(text, "0000-00-00") && !has_form(text, "0000/00/00")) return {};
  std::string date(text);
  std::erase_if(date, [](char c) { return !is_digit(c); });
  return date;
}

/// Empty if nothing can be made of it.
std::string repaired_one(Vr vr, std::string_view text) {
  switch (vr) {
    case Vr::DA:
      return repaired_date(text);
    case Vr::DS:
      return repaired_decimal(text);
    case Vr::IS:
      return repaired_integer(text);
    default:
      return {};
  }
}

}  // namespace

ValueForms forms_of(Vr vr, ByteView value) {
  ValueForms forms;
  const Fits fits = form_of(vr);
  if (!fits || value.empty()) return forms;
  for_each_value(vr, core::as_text(value), [&](std::string_view padded) {
    ++forms.values;
    const bool is_bare = !padded.empty() && padded.front() != ' ' && padded.back() > ' ';
    const std::string_view one = is_bare ? padded : core::dicom::without_padding(padded);
    if (one.empty()) return;
    const bool has_form = fits(one);
    forms.have_form &= has_form;
    forms.are_right &= has_form && is_right(vr, one, padded);
  });
  return forms;
}

bool has_form_of(Vr vr, ByteView value) { return forms_of(vr, value).have_form; }

std::optional<std::string> repaired(Vr vr, ByteView value) {
  const Fits fits = form_of(vr);
  if (!fits) return std::nullopt;
  std::string repaired;
  bool is_first = true;
  bool is_empty = true;
  for_each_value(vr, core::as_text(value), [&](std::string_view padded) {
    const std::string_view one = core::dicom::without_padding(padded);
    if (!std::exchange(is_first, false)) repaired += '\\';
    if (one.empty()) return;
    const bool stays = fits(one) && is_right(vr, one, one);
    const std::string shown = stays ? std::string(one) : repaired_one(vr, one);
    is_empty &= shown.empty();
    repaired += shown;
  });
  return is_empty ? std::nullopt : std::optional(std::move(repaired));
}

}  // namespace sekisho::anonymization
