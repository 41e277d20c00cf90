// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/person.h"

#include <algorithm>

#include "core/letter_case.h"
#include "core/utf8.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kShortestLogin = 3;
constexpr std::size_t kLongestLogin = 64;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<std::string> parse_login(std::string_view text) {
  constexpr std::string_view kMarks = "@._+-";
  if (text.size() < kShortestLogin || text.size() > kLongestLogin) return std::nullopt;
  std::string login = core::in_lower_case(text);
  for (const char c : login) {
    if (!is_letter_or_digit(c) && kMarks.find(c) == std::string_view::npos) return std::nullopt;
  }
  if (!is_letter_or_digit(login.front())) return std::nullopt;
  return login;
}

bool is_label(std::string_view text) {
  constexpr std::size_t kLongest_bytes = 100;
  return text.size() <= kLongest_bytes && core::is_utf8(text) &&
         std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

}  // namespace sekisho::access
