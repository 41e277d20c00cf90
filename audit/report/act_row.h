// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "audit/report/document.h"

namespace sekisho::audit::report {

/// Who: a recipient, or somebody of the staff. The first line is a name or what stands in for it.
Cell who(const Act& act, Language language);
/// Tells apart who() is the same.
std::string who_key(const Act& act);

/// Whether text about the patient or the recipient is no longer to be read: its key is destroyed.
bool is_erased(const Act& act, const Subject& patient);

/// The columns of the table of acts: when, what was done by whom from where, on what, with which
/// outcome, why.
std::vector<Column> act_columns(Language language);
Row act_row(const Act& act, const Question& question);

}  // namespace sekisho::audit::report
