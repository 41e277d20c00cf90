// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/sqlite/schema.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/rows.h"

namespace sekisho::returns {
namespace {

using core::db::Rows;
using core::db::Statements;

constexpr int kVersion = 1;

// Times are microseconds since 1970-01-01T00:00:00Z. `seq` is the order of arrival. An upload that
// is `arriving` is not in yet: whoever opens the database removes it. `key` is NULL from when the
// content is destroyed. A piece stands at its upload's seq times 65536 and its own number.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE returns_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;
CREATE TRIGGER returns_key_is_kept BEFORE DELETE ON returns_key
BEGIN SELECT RAISE (ABORT, 'the key of the quarantine is kept'); END;

CREATE TABLE upload (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  share TEXT NOT NULL,
  recipient TEXT NOT NULL,
  request TEXT NOT NULL,
  sop_class TEXT NOT NULL,
  name BLOB NOT NULL CHECK (length(name) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  size INTEGER NOT NULL CHECK (size > 0),
  facts BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  key BLOB,
  state TEXT NOT NULL
    CHECK (state IN ('arriving', 'received', 'held', 'released', 'stored', 'apart', 'rejected')),
  verdict TEXT CHECK (verdict IN ('clean', 'infected', 'unscannable')),
  signature TEXT NOT NULL DEFAULT '',
  scanned_at INTEGER,
  decision BLOB,
  decided_at INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  ended_at INTEGER,
  deleted_at INTEGER,
  CHECK ((verdict IS NULL) = (scanned_at IS NULL) AND (decision IS NULL) = (decided_at IS NULL)),
  CHECK ((key IS NULL) = (deleted_at IS NOT NULL)),
  CHECK ((ended_at IS NOT NULL) = (state IN ('stored', 'apart', 'rejected'))),
  CHECK (deleted_at IS NULL OR ended_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX upload_once ON upload (name)
  WHERE state IN ('arriving', 'received', 'held', 'released');
CREATE INDEX upload_by_turn ON upload (next_at, seq) WHERE state IN ('received', 'released');
CREATE INDEX upload_with_content ON upload (state, ended_at) WHERE key IS NOT NULL;
CREATE INDEX upload_room ON upload (deleted_at, recipient, size);
CREATE INDEX upload_by_end ON upload (ended_at) WHERE key IS NULL;
CREATE INDEX upload_apart ON upload (name) WHERE state = 'apart';
CREATE INDEX upload_of_share ON upload (share, seq);
CREATE INDEX upload_of_recipient ON upload (recipient, seq);
CREATE TRIGGER upload_stays_what_it_is BEFORE UPDATE OF seq, id, share, recipient, request,
  sop_class, name, hash, size, facts, received_at, receipt ON upload
BEGIN SELECT RAISE (ABORT, 'an upload stays what it is'); END;
CREATE TRIGGER an_end_is_an_end BEFORE UPDATE OF state, verdict, decision ON upload
  WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'an upload at its end becomes nothing else'); END;

CREATE TABLE piece (
  place INTEGER PRIMARY KEY,
  box BLOB NOT NULL
) STRICT;
)sql";

void migrate(core::db::Database& database) {
  // IMMEDIATE: of two that open a new file at once, the second waits and then finds the schema.
  core::db::Transaction transaction(database, core::db::Transaction::Behavior::IMMEDIATE);
  const int found = database.execAndGet("PRAGMA user_version").getInt();
  if (found > kVersion) {
    throw core::db::Error("returns.db has schema version " + std::to_string(found) +
                          ", this program knows versions up to " + std::to_string(kVersion) +
                          ": install the newer program again");
  }
  if (found == kVersion) return;
  if (found < 1) database.exec(kVersion1);
  database.exec("PRAGMA user_version = " + std::to_string(kVersion));
  transaction.commit();
}

}  // namespace

core::db::Database open_database(const ReturnsPlace& place) {
  core::db::Database database = core::db::open(place.database);
  // Keys of what was deleted are overwritten where they stood; the pieces are noise without them.
  database.exec("PRAGMA secure_delete=FAST");
  migrate(database);
  return database;
}

ReturnsKey settle_key(const ReturnsPlace& place) {
  core::db::Database database = open_database(place);
  Statements statements(database);
  Rows known(statements["SELECT id FROM returns_key"]);
  if (!known.next()) {
    ReturnsKey key = ReturnsKey::of_file(place.key);
    Rows(statements["INSERT INTO returns_key (one, id) VALUES (1, ?1)"], core::ByteView(key.id()))
        .execute();
    return key;
  }
  if (!std::filesystem::exists(std::filesystem::symlink_status(place.key))) {
    throw ReturnsKeyError(
        "returns.key is missing. Without it nothing in quarantine can be read: restore the whole "
        "data directory from one backup.");
  }
  ReturnsKey key = ReturnsKey::of_file(place.key);
  if (!std::ranges::equal(known.bytes(0), key.id())) {
    throw ReturnsKeyError(
        "returns.key is not the key of returns.db: restore the whole data directory from one "
        "backup.");
  }
  return key;
}

}  // namespace sekisho::returns
