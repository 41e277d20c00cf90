// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/password_policy.h"

#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/utf8.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kAlone = 13;
constexpr std::size_t kBesideSecondFactor = 8;
constexpr std::size_t kLongestBytes = 256;
/// What zxcvbn looks at; it takes long for more. What follows makes no password more common.
constexpr std::size_t kJudgedBytes = 64;
/// Of guesses that the least clever way of finding it needs: of what people think up "qazwsxedcrf"
/// has 34 bits, "1q2w3e4r5t6y7u" 29, "Tr0ub4dor&3" 47, four words of a book 60 and more.
constexpr double kLeastBits = 40.0;

constexpr std::array<std::string_view, 6> kNames = {"",         "Unreadable", "TooShort",
                                                    "TooPlain", "TooLong",    "Common"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// What is not ASCII is a symbol: no keyboard types it by chance.
bool is_mixed(std::string_view password) {
  return std::ranges::any_of(password, is_letter) && std::ranges::any_of(password, is_digit) &&
         std::ranges::any_of(password, [](char c) { return !is_letter(c) && !is_digit(c); });
}

/// Those words, and what they are put together from: "sato.kyoko" is "sato" and "kyoko" too.
std::vector<std::string> with_parts(std::span<const std::string> known_words) {
  std::vector<std::string> words(known_words.begin(), known_words.end());
  for (const std::string& word : known_words) {
    std::string part;
    for (const char c : word) {
      const bool is_of_part = is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
      if (is_of_part) part += c;
      if (is_of_part || part.empty()) continue;
      words.push_back(part);
      part.clear();
    }
    if (!part.empty()) words.push_back(part);
  }
  return words;
}

bool is_common(std::string_view password, std::span<const std::string> known_words) {
  const std::vector<std::string> known = with_parts(known_words);
  std::vector<const char*> words;
  for (const std::string& word : known) words.push_back(word.c_str());
  words.push_back(nullptr);
  const std::string judged(password.substr(0, kJudgedBytes));
  return ZxcvbnMatch(judged.c_str(), words.data(), nullptr) < kLeastBits;
}

}  // namespace

std::string_view name(PasswordFlaw flaw) { return kNames.at(static_cast<std::size_t>(flaw)); }

PasswordFlaw judge_password(std::string_view password, Beside beside,
                            std::span<const std::string> known_words) {
  if (password.size() > kLongestBytes) return PasswordFlaw::too_long;
  if (!core::is_utf8(password) || std::ranges::any_of(password, is_control)) {
    return PasswordFlaw::unreadable;
  }
  const std::size_t length = characters(password);
  if (length < (beside == Beside::nothing ? kAlone : kBesideSecondFactor)) {
    return PasswordFlaw::too_short;
  }
  if (length < kAlone && !is_mixed(password)) return PasswordFlaw::too_plain;
  return is_common(password, known_words) ? PasswordFlaw::common : PasswordFlaw::none;
}

}  // namespace sekisho::access
