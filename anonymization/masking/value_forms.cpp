// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/value_forms.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/dicom/padding.h"

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
  if (text.size() > kLongest) return false;
  if (is_sign(text.front())) text.remove_prefix(1);
  return !text.empty() && are_digits(text);
}

/// Longer than the 16 characters of the standard: machines write every digit of a double.
bool is_decimal(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  if (text.size() > kLongest) return false;
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
  return !text.empty() && is_integer(text);
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

/// Of each value, or that it is empty.
template <class Fits>
bool all_values(ByteView value, Fits fits) {
  std::string_view rest = core::as_text(value);
  while (true) {
    const std::size_t end = std::min(rest.find('\\'), rest.size());
    const std::string_view one = core::dicom::without_padding(rest.substr(0, end));
    if (!one.empty() && !fits(one)) return false;
    if (end == rest.size()) return true;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

bool has_form_of(Vr vr, ByteView value) {
  switch (vr) {
    case Vr::AE:
      return all_values(value, is_application_entity);
    case Vr::AS:
      return all_values(value, is_age);
    case Vr::CS:
      return all_values(value, is_code);
    case Vr::DA:
      return all_values(value, is_date);
    case Vr::DS:
      return all_values(value, is_decimal);
    case Vr::DT:
      return all_values(value, is_date_time);
    case Vr::IS:
      return all_values(value, is_integer);
    case Vr::TM:
      return all_values(value, is_time);
    case Vr::UI:
      return all_values(value, is_uid);
    case Vr::UR:
      return is_uri(core::dicom::without_padding(core::as_text(value)));
    default:
      return true;
  }
}

}  // namespace sekisho::anonymization
