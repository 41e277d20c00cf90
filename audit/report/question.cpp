// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/question.h"

#include <array>
#include <cstdio>

namespace sekisho::audit::report {
namespace {

constexpr std::array<std::string_view, 2> kCodes = {"ja", "en"};
constexpr Zone kFarthest = std::chrono::hours(14);

}  // namespace

std::string_view language_code(Language language) {
  return kCodes[static_cast<std::size_t>(language)];
}

std::optional<Language> parse_language(std::string_view code) {
  for (const Language language : {Language::japanese, Language::english}) {
    if (language_code(language) == code) return language;
  }
  return std::nullopt;
}

std::string to_text(Zone zone) {
  const auto minutes = std::chrono::abs(zone).count();
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%c%02d:%02d", zone < Zone::zero() ? '-' : '+',
                static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text.data();
}

/// Strict by writing it again: one spelling, and no offset out of range.
std::optional<Zone> parse_zone(std::string_view text) {
  if (text.size() != 6) return std::nullopt;
  const auto digit = [&](std::size_t at) { return text[at] - '0'; };
  const int minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
  const Zone zone(text[0] == '-' ? -minutes : minutes);
  if (std::chrono::abs(zone) > kFarthest || to_text(zone) != text) return std::nullopt;
  return zone;
}

}  // namespace sekisho::audit::report
