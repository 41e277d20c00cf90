// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "audit/report/question.h"

namespace sekisho::audit::report {

/// A text in both languages.
struct Phrase {
  std::string_view japanese;
  std::string_view english;

  constexpr std::string_view in(Language language) const {
    return language == Language::japanese ? japanese : english;
  }
};

// What codes of an entry mean. A code of a later version is told as it is.

/// What was done: by the event, and by its detail where that says more.
std::string_view event_words(std::string_view event, std::string_view detail, Language language);
/// How a transfer or a return ended.
std::string_view detail_words(std::string_view detail, Language language);
/// PS3.15 §A.5.2 EventOutcomeIndicator.
std::string_view outcome_words(int outcome, Language language);
std::string_view purpose_words(std::string_view purpose, Language language);
std::string_view authentication_words(std::string_view authentication, Language language);
std::string_view fact_words(std::string_view fact, Language language);

}  // namespace sekisho::audit::report
