// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/sqlite/schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>

#include "audit/entry/index_span.h"
#include "audit/error.h"
#include "audit/proof/merkle.h"
#include "audit/sqlite/tile_table.h"

namespace sekisho::audit {
namespace {

// PRAGMA application_id and user_version.
constexpr int kApplicationId = 0x534B4155;  // "SKAU"
constexpr int kSchemaVersion = 5;
// Earlier ones: what came first that they lack.
constexpr int kVersionWithoutTiles = 1;
constexpr int kVersionThatKeepsAll = 2;
constexpr int kVersionWithoutSpans = 3;
constexpr int kVersionWithoutAsides = 4;

/// The triggers stop slips, not attackers: these are what verify() is for.
constexpr char kSchema[] = R"sql(
CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  entry TEXT NOT NULL
) STRICT;
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
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_key_kept BEFORE DELETE ON audit_key
  BEGIN SELECT RAISE(ABORT, 'a key may be shredded, its row stays'); END;
)sql";

/// What version 2 adds.
constexpr char kTiles[] = R"sql(
CREATE TABLE audit_tile (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_tile_grows BEFORE UPDATE ON audit_tile
  WHEN OLD.level = 0 OR NEW.level <> OLD.level OR NEW.place <> OLD.place
    OR length(NEW.hashes) <> length(OLD.hashes) + 32
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_tile_kept BEFORE DELETE ON audit_tile
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql";

/// What version 3 adds.
constexpr char kKeeping[] = R"sql(
CREATE TABLE audit_hold (
  hash BLOB NOT NULL,
  kind INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (hash, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_pruned (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  before INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_pruned_grows BEFORE UPDATE ON audit_pruned
  WHEN NEW.before < OLD.before OR NEW.seq <= OLD.seq
  BEGIN SELECT RAISE(ABORT, 'what was pruned does not come back'); END;
CREATE TRIGGER audit_pruned_kept BEFORE DELETE ON audit_pruned
  BEGIN SELECT RAISE(ABORT, 'what was pruned does not come back'); END;
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
  WHEN OLD.seq >= (SELECT coalesce(max(before), 0) FROM audit_pruned)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql";

/// What version 4 has in another form.
constexpr char kIndex[] = R"sql(
CREATE TABLE audit_object (
  span INTEGER NOT NULL,
  hash BLOB NOT NULL,
  kind INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (span, hash, kind, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_object_unchanged BEFORE UPDATE ON audit_object
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_object_kept BEFORE DELETE ON audit_object
  WHEN OLD.seq >= (SELECT coalesce(max(before), 0) FROM audit_pruned)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql";

/// What version 5 adds: entries of before have NULL. Said so in new logs too, for SQLite keeps the
/// words by which a table came about.
constexpr char kAsides[] = "ALTER TABLE audit_entry ADD COLUMN aside TEXT";

constexpr const char* kTables[] = {kSchema, kTiles, kKeeping, kIndex, kAsides};

using Definitions = std::map<std::string, std::string>;

Definitions definitions_in(core::db::Database& database) {
  Definitions definitions;
  core::db::Statement all(database, "SELECT type || ' ' || name, sql FROM sqlite_schema");
  while (all.executeStep()) {
    definitions.emplace(all.getColumn(0).getString(), all.getColumn(1).getString());
  }
  return definitions;
}

bool is_of_version(core::db::Database& database, int version) {
  return database.execAndGet("PRAGMA application_id").getInt() == kApplicationId &&
         database.execAndGet("PRAGMA user_version").getInt() == version;
}

void add_tiles(core::db::Database& database) {
  database.exec(kTiles);
  TileTable table(database);
  TileBuilder builder(0, {});
  core::db::Statement all(database, "SELECT entry FROM audit_entry ORDER BY seq");
  while (all.executeStep()) {
    const auto leaf = leaf_hash(core::db::bytes_of(all.getColumn(0)));
    if (const auto tile = builder.append(leaf)) table.insert(builder.place(), *tile);
  }
}

void add_keeping(core::db::Database& database) {
  database.exec("DROP TRIGGER audit_entry_kept");
  database.exec(kKeeping);
}

void divide_index(core::db::Database& database) {
  database.exec("DROP TRIGGER audit_object_unchanged; DROP TRIGGER audit_object_kept");
  database.exec("ALTER TABLE audit_object RENAME TO audit_object_undivided");
  database.exec(kIndex);
  core::db::Statement copy(database,
                           "INSERT INTO audit_object"
                           " SELECT seq / ?1, hash, kind, seq FROM audit_object_undivided"
                           " ORDER BY seq / ?1, hash, kind, seq");
  copy.bind(1, static_cast<std::int64_t>(kIndexSpan));
  copy.exec();
  database.exec("DROP TABLE audit_object_undivided");
}

/// SQLite's own words for what is missing name neither the file nor what to do.
void require_readable(const std::filesystem::path& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const std::filesystem::path file = database.string() + suffix;
    const std::string name = database.filename().string();
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0 ||
        (*suffix != '\0' && errno == ENOENT))
      continue;
    if (errno == ENOENT) throw AuditError("there is no " + file.string());
    throw AuditError(file.string() + ": " + std::generic_category().message(errno) +
                     ". Who reads a log needs to read " + name + ", " + name + "-wal and " + name +
                     "-shm, as far as they are there");
  }
}

}  // namespace

void create_schema(core::db::Database& database) {
  core::db::Transaction transaction(database);
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  for (const char* tables : kTables) database.exec(tables);
  database.exec("INSERT INTO audit_head VALUES (1, 0, x'', x'', '')");
  transaction.commit();
}

bool is_audit_log(core::db::Database& database) { return is_of_version(database, kSchemaVersion); }

Subject subject_in(const SQLite::Column& hash, const SQLite::Column& kind) {
  Subject subject{static_cast<SubjectKind>(kind.getInt()), {}};
  const core::ByteView bytes = core::db::bytes_of(hash);
  if (bytes.size() == subject.hash.size()) std::ranges::copy(bytes, subject.hash.begin());
  return subject;
}

core::db::Database open_for_reading(const std::filesystem::path& database) {
  require_readable(database);
  core::db::Database opened = core::db::open_read_only(database);
  const bool is_log = core::db::begin_to_read([&] { return is_audit_log(opened); });
  if (!is_log) throw AuditError("audit.db is not an audit log of this version");
  return opened;
}

void upgrade_schema(core::db::Database& database) {
  const bool lacks_tiles = is_of_version(database, kVersionWithoutTiles);
  const bool keeps_all = lacks_tiles || is_of_version(database, kVersionThatKeepsAll);
  const bool is_undivided = keeps_all || is_of_version(database, kVersionWithoutSpans);
  if (!is_undivided && !is_of_version(database, kVersionWithoutAsides)) return;
  core::db::Transaction transaction(database);
  if (lacks_tiles) add_tiles(database);
  if (keeps_all) add_keeping(database);
  if (is_undivided) divide_index(database);
  database.exec(kAsides);
  database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  transaction.commit();
}

std::vector<std::string> schema_problems(core::db::Database& database) {
  core::db::Database model(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  for (const char* tables : kTables) model.exec(tables);
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
