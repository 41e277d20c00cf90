// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/database.h"

namespace sekisho::audit {

/// Makes the tables of docs/formats/audit.md and an empty head, in one transaction.
void create_schema(core::db::Database& database);

/// Whether the file calls itself an audit log of this version.
bool is_audit_log(core::db::Database& database);

/// Brings a log of the version before to this one: it gets its hash tiles, which are made of its
/// entries. One transaction; nothing happens to any other file. Throws db::Error.
void upgrade_schema(core::db::Database& database);

/// What stands in the schema and should not, or should and does not: a trigger that somebody
/// dropped, one that somebody added. Names only.
std::vector<std::string> schema_problems(core::db::Database& database);

}  // namespace sekisho::audit
