// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/form_text.h"

namespace sekisho::openid {
namespace {

constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 15];
  }
  return encoded;
}

std::string form_text(
    const std::vector<std::pair<std::string_view, std::string_view>>& names_and_values) {
  std::string text;
  for (const auto& [name, value] : names_and_values) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(percent_encoded(value));
  }
  return text;
}

}  // namespace sekisho::openid
