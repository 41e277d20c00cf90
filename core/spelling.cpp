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

/// Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The marks of other scripts
/// make other letters, as those of kana do (U+3099, U+309A).
bool is_accent(CodePoint c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7) ||
         (c >= 0x064B && c <= 0x065F) || c == 0x0670;
}

CodePoint plain(CodePoint c) {
  // Katakana, and its marks of repetition.
  if ((c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE) return c - 0x60;
  const auto* found = std::ranges::find(kPlainLetters, c, &std::pair<CodePoint, CodePoint>::first);
  return found == kPlainLetters.end() ? c : found->second;
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
    std::array<utf8proc_uint8_t, 4> bytes{};
    // The middle dot stands between the words of a foreign name.
    const CodePoint c = points[static_cast<std::size_t>(i)] == 0x30FB
                            ? CodePoint{' '}
                            : plain(points[static_cast<std::size_t>(i)]);
    const auto count = utf8proc_encode_char(c, bytes.data());
    folded.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count));
  }
  return folded;
}

}  // namespace sekisho::core
