// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/question.h"

#include <array>

namespace sekisho::audit::report {
namespace {

constexpr std::array<std::string_view, 2> kCodes = {"ja", "en"};

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

}  // namespace sekisho::audit::report
