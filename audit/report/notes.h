// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "audit/report/document.h"
#include "audit/report/evidence.h"

namespace sekisho::audit::report {

/// How the tables are to be read, and what is not in them.
std::vector<Section> notes_for_patients(const Evidence& evidence, const std::vector<Act>& acts);
/// What is proven, what is not, and how both are checked.
std::vector<Section> notes_for_checkers(Language language);

}  // namespace sekisho::audit::report
