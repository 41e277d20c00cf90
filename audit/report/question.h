// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/report/zone.h"
#include "core/time.h"

namespace sekisho::audit::report {

enum class Language { japanese, english };
/// "ja", "en".
std::string_view language_code(Language language);
std::optional<Language> parse_language(std::string_view code);

/// What a report answers: who saw what of this patient, in this time. A value.
struct Question {
  Language language = Language::japanese;
  std::string patient;              ///< the PatientID, as the archive has it
  std::string patient_name;         ///< as the hospital writes it here; empty: as in the log
  std::string institution;          ///< whose report it is; may be empty
  std::optional<core::Time> from;   ///< what began then or later
  std::optional<core::Time> until;  ///< and before that
  Zone zone;                        ///< in which times are told
  core::Time made;

  bool covers(core::Time time) const {
    return (!from || time >= *from) && (!until || time < *until);
  }
  friend bool operator==(const Question&, const Question&) = default;
};

}  // namespace sekisho::audit::report
