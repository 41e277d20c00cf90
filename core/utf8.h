// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace sekisho::core {

/// How many bytes the well-formed UTF-8 sequence at the front of `text` has; 0 where there is none
/// (Unicode 15, table 3-7: no surrogates, no overlong forms, nothing past U+10FFFF).
std::size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

struct Utf8Character {
  char32_t code;
  std::size_t bytes;  ///< that it takes, at least one
};
inline constexpr char32_t kNoCharacter = 0xFFFD;
/// The first character of `text`, which is not empty; a byte that begins none is kNoCharacter.
Utf8Character first_character(std::string_view text);

}  // namespace sekisho::core
