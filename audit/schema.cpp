// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/schema.h"

#include <map>

namespace sekisho::audit {
namespace {

// PRAGMA application_id and user_version.
constexpr int kApplicationId = 0x534B4155;  // "SKAU"
constexpr int kSchemaVersion = 1;

/// The triggers stop slips, not attackers: these are what verify() is for.
constexpr char kSchema[] = R"sql(
CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  entry TEXT NOT NULL
) STRICT;
CREATE TABLE audit_object (
  hash BLOB NOT NULL,
  kind INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (hash, kind, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  edge BLOB NOT NULL,
  checkpoint TEXT NOT NULL
) STRICT;
CREATE TABLE audit_key (
  id BLOB PRIMARY KEY NOT NULL,
  kind INTEGER NOT NULL,
  hash BLOB NOT NULL,
  seq INTEGER NOT NULL,
  wrapping BLOB NOT NULL,
  wrapped BLOB
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_key_subject ON audit_key (kind, hash) WHERE wrapped IS NOT NULL;
CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_object_unchanged BEFORE UPDATE ON audit_object
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_object_kept BEFORE DELETE ON audit_object
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_key_kept BEFORE DELETE ON audit_key
  BEGIN SELECT RAISE(ABORT, 'a key may be shredded, its row stays'); END;
)sql";

using Definitions = std::map<std::string, std::string>;

Definitions definitions_in(core::db::Database& database) {
  Definitions definitions;
  core::db::Statement all(database, "SELECT type || ' ' || name, sql FROM sqlite_schema");
  while (all.executeStep()) {
    definitions.emplace(all.getColumn(0).getString(), all.getColumn(1).getString());
  }
  return definitions;
}

}  // namespace

void create_schema(core::db::Database& database) {
  core::db::Transaction transaction(database);
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  database.exec(kSchema);
  database.exec("INSERT INTO audit_head VALUES (1, 0, x'', x'', '')");
  transaction.commit();
}

bool is_audit_log(core::db::Database& database) {
  return database.execAndGet("PRAGMA application_id").getInt() == kApplicationId &&
         database.execAndGet("PRAGMA user_version").getInt() == kSchemaVersion;
}

std::vector<std::string> schema_problems(core::db::Database& database) {
  core::db::Database model(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  model.exec(kSchema);
  const Definitions expected = definitions_in(model);
  const Definitions found = definitions_in(database);
  std::vector<std::string> problems;
  for (const auto& [name, sql] : expected) {
    const auto same = found.find(name);
    if (same == found.end()) {
      problems.push_back(name + " is missing");
    } else if (same->second != sql) {
      problems.push_back(name + " is defined otherwise");
    }
  }
  for (const auto& [name, sql] : found) {
    if (!expected.contains(name)) problems.push_back(name + " does not belong there");
  }
  return problems;
}

}  // namespace sekisho::audit
