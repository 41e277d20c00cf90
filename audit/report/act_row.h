// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "audit/report/context.h"
#include "audit/report/document.h"

namespace sekisho::audit::report {

/// Who did it: the recipient that an entry names is only sometimes the one.
enum class Actor { recipient, staff, service };
Actor actor_of(const Act& act);

/// Who: a recipient, or somebody of the staff. The first line is a name or what stands in for it.
Cell who(const Act& act, Language language);
/// The same where who() is.
std::string who_key(const Act& act);

/// Whether text about the patient or the recipient is no longer to be read: its key is destroyed.
bool is_erased(const Act& act, const Subject& patient);
/// How many instances left, or came; 0 where that is not on record.
std::uint64_t instances_of(const Act& act);

/// The columns of the table of acts: when, who, what was done with which outcome, on which study,
/// why. `number` is what the act is called in this report.
std::vector<Column> act_columns(Language language);
Row act_row(const Act& act, std::size_t number, const Question& question, const Context& context);

/// What is written where a key was destroyed.
std::string_view erased(Language language);
/// A study as the tables call it: with its number, unless that is 0.
Line study_line(const StudyWords& study, std::size_t number, Language language);

}  // namespace sekisho::audit::report
