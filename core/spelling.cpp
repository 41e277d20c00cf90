// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spelling.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace sekisho::core {
namespace {

using CodePoint = utf8proc_int32_t;
using CodePoints = std::vector<CodePoint>;

/// Five components of 64 characters in three groups have less than this in UTF-8.
constexpr std::size_t kMostNameBytes = 4096;

/// Letters of Latin script that are no letter with a mark for Unicode, but for those who type them.
constexpr std::array<std::pair<CodePoint, CodePoint>, 7> kPlainLetters = {{
    {0x00F8, 'o'},
    {0x0111, 'd'},
    {0x0127, 'h'},
    {0x0131, 'i'},
    {0x0142, 'l'},
    {0x0167, 't'},
    {0x017F, 's'},
}};

/// Kanji of names and the ones that everybody writes, by code point. 斎 and 斉 are two, and taken
/// for each other.
constexpr std::array<std::pair<CodePoint, CodePoint>, 31> kUsualKanji = {{
    {U'嶋', U'島'},   {U'嶌', U'島'}, {U'國', U'国'}, {U'學', U'学'},  {U'將', U'将'},
    {U'德', U'徳'},   {U'惠', U'恵'}, {U'斎', U'斉'}, {U'會', U'会'},  {U'榮', U'栄'},
    {U'櫻', U'桜'},   {U'澁', U'渋'}, {U'澤', U'沢'}, {U'濱', U'浜'},  {U'濵', U'浜'},
    {U'瀨', U'瀬'},   {U'眞', U'真'}, {U'縣', U'県'}, {U'壽', U'寿'},  {U'廣', U'広'},
    {U'邉', U'辺'},   {U'邊', U'辺'}, {U'醫', U'医'}, {U'髙', U'高'},  {U'齊', U'斉'},
    {U'齋', U'斉'},   {U'龍', U'竜'}, {U'礒', U'磯'}, {0xFA10, U'塚'}, {0xFA11, U'崎'},
    {0x20BB7, U'吉'},
}};

/// Hiragana that are written small.
constexpr std::array<std::pair<CodePoint, CodePoint>, 12> kLargeKana = {{
    {U'ぁ', U'あ'},
    {U'ぃ', U'い'},
    {U'ぅ', U'う'},
    {U'ぇ', U'え'},
    {U'ぉ', U'お'},
    {U'っ', U'つ'},
    {U'ゃ', U'や'},
    {U'ゅ', U'ゆ'},
    {U'ょ', U'よ'},
    {U'ゎ', U'わ'},
    {0x3095, U'か'},
    {0x3096, U'け'},
}};

template <std::size_t N>
CodePoint replaced(CodePoint c, const std::array<std::pair<CodePoint, CodePoint>, N>& table) {
  const auto* found = std::ranges::find(table, c, &std::pair<CodePoint, CodePoint>::first);
  return found == table.end() ? c : found->second;
}

/// Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The marks of other scripts
/// make other letters, as those of kana do (U+3099, U+309A).
bool is_accent(CodePoint c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7) ||
         (c >= 0x064B && c <= 0x065F) || c == 0x0670;
}

CodePoint plain(CodePoint c) {
  // Katakana, and its marks of repetition.
  if ((c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE) return c - 0x60;
  return replaced(c, kPlainLetters);
}

/// Each in as many parts as it has; empty for what is no UTF-8.
CodePoints decomposed(std::string_view text) {
  // A set of bits in C. NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                           UTF8PROC_CASEFOLD | UTF8PROC_STABLE);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const auto needed = utf8proc_decompose(bytes, size, nullptr, 0, kOptions);
  if (needed <= 0) return {};
  CodePoints points(static_cast<std::size_t>(needed));
  if (utf8proc_decompose(bytes, size, points.data(), needed, kOptions) != needed) return {};
  return points;
}

/// What is written and read; selectors of a glyph's variant are not.
bool is_letter_or_digit(CodePoint c) {
  constexpr CodePoint kLongVowel = 0x30FC;
  if (c == kLongVowel || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF)) {
    return false;
  }
  const auto category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

void append(std::string& text, CodePoint c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(c, bytes.data());
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count));
}

}  // namespace

std::string fold_spelling(std::string_view name) {
  if (name.size() > kMostNameBytes) return std::string(name);
  CodePoints points = decomposed(name);
  if (points.empty()) return std::string(name);
  std::erase_if(points,
                [](CodePoint c) { return is_accent(c) || c == '\'' || c == 0x2019 || c == '.'; });
  auto size = static_cast<utf8proc_ssize_t>(points.size());
  // A set of bits in C. NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  size = utf8proc_normalize_utf32(points.data(), size, kCompose);
  std::string folded;
  for (utf8proc_ssize_t i = 0; i < size; ++i) {
    // The middle dot stands between the words of a foreign name.
    const CodePoint c = points[static_cast<std::size_t>(i)];
    append(folded, c == 0x30FB ? CodePoint{' '} : plain(c));
  }
  return folded;
}

std::string bare_spelling(std::string_view name) {
  const std::string folded = fold_spelling(name);
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(folded.data());
  auto left = static_cast<utf8proc_ssize_t>(folded.size());
  std::string bare;
  while (left > 0) {
    CodePoint c = 0;
    const auto length = utf8proc_iterate(at, left, &c);
    if (length <= 0) return folded;
    if (is_letter_or_digit(c)) append(bare, replaced(replaced(c, kLargeKana), kUsualKanji));
    at += length;
    left -= length;
  }
  return bare;
}

}  // namespace sekisho::core
