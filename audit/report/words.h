// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
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

/// What a code means.
struct Meaning {
  std::string_view code;
  Phrase words;
};
/// A code that the table does not have is told as it is: a later version's.
std::string_view say(std::span<const Meaning> meanings, std::string_view code, Language language);

// What codes of an entry mean.

/// What was done: by the event, and by its detail where that says more.
std::string_view event_words(std::string_view event, std::string_view detail, Language language);
/// How a transfer or a return ended.
std::string_view detail_words(std::string_view detail, Language language);
/// PS3.15 §A.5.2 EventOutcomeIndicator.
std::string_view outcome_words(int outcome, Language language);
std::string_view intended_use_words(std::string_view use, Language language);
std::string_view authentication_words(std::string_view authentication, Language language);
/// Of one value of Modality (0008,0060).
std::string_view modality_words(std::string_view modality, Language language);

}  // namespace sekisho::audit::report
