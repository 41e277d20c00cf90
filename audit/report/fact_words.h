// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "audit/report/question.h"

namespace sekisho::audit::report {

/// What a fact of an entry is about.
std::string_view fact_words(std::string_view fact, Language language);
/// What it says: codes in words, times in local time, what has no words as it is.
std::string fact_value(std::string_view fact, std::string_view value, const Question& question);

}  // namespace sekisho::audit::report
