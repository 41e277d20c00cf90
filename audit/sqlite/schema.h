// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "audit/entry/index_key.h"
#include "core/database.h"

namespace sekisho::audit {

/// Makes the tables of docs/formats/audit.md and an empty head, in one transaction.
void create_schema(core::db::Database& database);

/// Whether the file calls itself an audit log of this version.
bool is_audit_log(core::db::Database& database);

/// Whom or what a row is about. A hash of another length than 16 bytes is that of nobody.
Subject subject_in(const SQLite::Column& hash, const SQLite::Column& kind);

/// A connection of a reader. Throws AuditError where the file is no audit log of this version, and
/// db::Error.
core::db::Database open_for_reading(const std::filesystem::path& database);

/// Brings a log of an earlier version to this one: what it lacks is made of its entries. One
/// transaction; nothing happens to any other file. Throws db::Error.
void upgrade_schema(core::db::Database& database);

/// What stands in the schema and should not, or should and does not: a trigger that somebody
/// dropped, one that somebody added. Names only.
std::vector<std::string> schema_problems(core::db::Database& database);

}  // namespace sekisho::audit
