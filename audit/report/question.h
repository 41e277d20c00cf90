// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sekisho::audit::report {

enum class Language { japanese, english };
/// "ja", "en".
std::string_view language_code(Language language);
std::optional<Language> parse_language(std::string_view code);

/// How far local time is ahead of UTC. The report names it: a zone's name would need its history.
using Zone = std::chrono::minutes;
/// "+09:00"; at most 14 hours either way.
std::string to_text(Zone zone);
std::optional<Zone> parse_zone(std::string_view text);

/// What a report answers: who saw what of this patient, in this time. A value.
struct Question {
  Language language = Language::japanese;
  std::string patient;              ///< the PatientID, as the archive has it
  std::optional<core::Time> from;   ///< what began then or later
  std::optional<core::Time> until;  ///< and before that
  Zone zone{};                      ///< in which times are told beside UTC
  core::Time made;

  bool covers(core::Time time) const {
    return (!from || time >= *from) && (!until || time < *until);
  }
  friend bool operator==(const Question&, const Question&) = default;
};

}  // namespace sekisho::audit::report
