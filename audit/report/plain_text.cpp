// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/plain_text.h"

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace sekisho::audit::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Range {
  std::string_view first, last;
};
/// Inside one length, UTF-8 sorts as the characters do. Controls (Cc), and of Unicode 15 §23.2 and
/// UAX #9 what breaks lines or turns the direction: with it a name can seem to say what stands
/// beside it.
constexpr std::array<Range, 8> kHarmful = {{
    {std::string_view("\0", 1), "\x1F"},
    {"\x7F", "\x7F"},
    {"\xC2\x80", "\xC2\x9F"},
    {"\xD8\x9C", "\xD8\x9C"},          // U+061C
    {"\xE2\x80\x8B", "\xE2\x80\x8F"},  // U+200B to U+200F
    {"\xE2\x80\xA8", "\xE2\x80\xAE"},  // U+2028 to U+202E
    {"\xE2\x81\xA0", "\xE2\x81\xAF"},  // U+2060 to U+206F
    {"\xEF\xBF\xBE", "\xEF\xBF\xBF"},  // U+FFFE and U+FFFF
}};

bool is_harmful(std::string_view character) {
  return std::ranges::any_of(kHarmful, [&](const Range& range) {
    return character.size() == range.first.size() && character >= range.first &&
           character <= range.last;
  });
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = core::utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    out += length == 0 || is_harmful(character) ? kReplacement : character;
    text.remove_prefix(character.size());
  }
  return out;
}

std::string local_time(core::Time time, Offset offset) {
  std::string text = core::to_rfc3339(std::chrono::floor<std::chrono::seconds>(time + offset));
  text.pop_back();  // the Z of UTC, which it need not be
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace sekisho::audit::report
