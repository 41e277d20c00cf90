// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/event.h"
#include "audit/report/question.h"

namespace sekisho::audit::report {

// How people say what stands in an entry otherwise.

/// Between the words of a list.
std::string_view separator(Language language);
/// "3 件"; "3".
std::string count_of(std::uint64_t number, Language language);
/// "2026年1月31日"; "31 January 2026".
std::string day(core::Time time, const Question& question);
/// "21:00".
std::string clock_time(core::Time time, const Question& question);
/// "2026年1月31日 21:00"; "31 January 2026, 21:00".
std::string moment(core::Time time, const Question& question);
/// Of a DA, as it is where it is none.
std::string day_of_dicom(std::string_view value, Language language);
/// Of a PN: the name in the script of the language, what else there is of it in brackets.
std::string person_name(std::string_view value, Language language);
/// "2026年1月15日 CT 胸部単純"; empty where nothing is known.
std::string study_name(const StudyWords& study, Language language);
/// What the report is about, as a sentence has it.
std::string period(const Question& question);

}  // namespace sekisho::audit::report
