// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/person.h"
#include "core/rows.h"

namespace sekisho::access {

// What is deleted of somebody whose ways in change: the same whichever store changes them. Each
// inside a transaction of the caller's.

/// And the link by which they would choose a password.
void end_sessions(core::db::Statements& statements, const PersonId& person);
void drop_second_factor(core::db::Statements& statements, const PersonId& person);
/// All that stands beside a password, and in its place; their sessions as well.
void drop_all_but_password(core::db::Statements& statements, const PersonId& person);

}  // namespace sekisho::access
