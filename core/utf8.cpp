// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/utf8.h"

#include <cstdint>

namespace sekisho::core {
namespace {

using Unit = std::uint8_t;

/// Table 3-7: which second bytes may follow which first byte, and the length of the sequence.
struct Form {
  Unit first_low, first_high;
  Unit second_low, second_high;
  std::size_t length;
};
constexpr Form kForms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool within(char c, Unit low, Unit high) {
  const Unit unit = static_cast<Unit>(c);
  return unit >= low && unit <= high;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  if (within(text[0], 0x00, 0x7F)) return 1;
  for (const Form& form : kForms) {
    if (!within(text[0], form.first_low, form.first_high)) continue;
    if (text.size() < form.length || !within(text[1], form.second_low, form.second_high)) return 0;
    for (std::size_t i = 2; i < form.length; ++i) {
      if (!within(text[i], 0x80, 0xBF)) return 0;
    }
    return form.length;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

Utf8Character first_character(std::string_view text) {
  const std::size_t length = utf8_length(text);
  if (length == 0) return {kNoCharacter, 1};
  const Unit lead = static_cast<Unit>(text[0]);
  char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (const char unit : text.substr(1, length - 1)) {
    code = (code << 6) | (static_cast<Unit>(unit) & 0x3FU);
  }
  return {code, length};
}

}  // namespace sekisho::core
