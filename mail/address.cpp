// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/address.h"

#include <algorithm>

namespace sekisho::mail {
namespace {

constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestAddress = 254;
constexpr std::size_t kLongestLabel = 63;  // RFC 1035 §2.3.4

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 5322 §3.2.3: atext.
bool is_atom_character(char c) {
  return is_letter_or_digit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// Whether all that stands between the dots is good; of nothing between two it is not.
template <class Good>
bool is_dotted(std::string_view text, Good good) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!good(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_atom(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_atom_character);
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLongestLabel && text.front() != '-' &&
         text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

std::optional<std::string> parse_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at > kLongestLocalPart || text.size() > kLongestAddress) {
    return std::nullopt;
  }
  if (!is_dotted(text.substr(0, at), is_atom) || !is_dotted(text.substr(at + 1), is_label)) {
    return std::nullopt;
  }
  return std::string(text);
}

}  // namespace sekisho::mail
