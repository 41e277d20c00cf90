// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/schema.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/rows.h"

namespace sekisho::access {
namespace {

using core::db::Rows;
using core::db::Statements;

constexpr int kVersion = 4;

// Times are microseconds since 1970-01-01T00:00:00Z. `seq` is the order of creation. A session
// that ends is deleted: what is not there opens nothing.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE access_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;
CREATE TRIGGER access_key_is_kept BEFORE DELETE ON access_key
BEGIN SELECT RAISE (ABORT, 'the access key is kept'); END;

CREATE TABLE person (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER,
  password_hash TEXT NOT NULL DEFAULT '',
  password_set_at INTEGER,
  totp_box BLOB,
  totp_since INTEGER,
  totp_step INTEGER NOT NULL DEFAULT 0,
  offered_box BLOB
) STRICT;
CREATE INDEX person_of_recipient ON person (recipient, seq);
CREATE TRIGGER person_stays_who_they_are BEFORE UPDATE OF seq, id, recipient, login, created_at
  ON person
BEGIN SELECT RAISE (ABORT, 'a person stays who they are'); END;
CREATE TRIGGER person_is_never_deleted BEFORE DELETE ON person
BEGIN SELECT RAISE (ABORT, 'a person is never deleted'); END;
CREATE TRIGGER step_goes_on BEFORE UPDATE OF totp_step ON person
  WHEN NEW.totp_step < OLD.totp_step AND NEW.totp_box IS OLD.totp_box
BEGIN SELECT RAISE (ABORT, 'a code is used once'); END;

CREATE TABLE recovery_code (
  person TEXT NOT NULL REFERENCES person (id),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  id TEXT NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  recipient TEXT NOT NULL,
  person TEXT REFERENCES person (id),
  share TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('link', 'password', 'password+totp')),
  family INTEGER NOT NULL CHECK (family IN (4, 6)),
  source TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  CHECK ((person IS NULL) = (level = 'link') AND (share = '') = (person IS NOT NULL))
) STRICT;
CREATE INDEX session_of_person ON session (person, seq);
CREATE TRIGGER session_stays_whose_it_is BEFORE UPDATE OF seq, id, hash, recipient, person, share,
  level, family, source, begun_at ON session
BEGIN SELECT RAISE (ABORT, 'a session stays what it is: it ends, and another begins'); END;

-- Which sessions have opened a share that has a limit; it outlives them.
CREATE TABLE share_session (
  share TEXT NOT NULL,
  session TEXT NOT NULL,
  PRIMARY KEY (share, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE failure (
  name BLOB NOT NULL PRIMARY KEY CHECK (length(name) = 32),
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  before_at INTEGER NOT NULL -- what last_at is again if the newest attempt was none
) STRICT, WITHOUT ROWID;
CREATE INDEX failure_by_age ON failure (last_at);
)sql";

/// Passkeys: what authenticators have made for people, public keys alone. Application passwords:
/// what viewers show in the name of people; those that are taken away have no row.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE passkey (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES person (id),
  credential BLOB NOT NULL UNIQUE CHECK (length(credential) BETWEEN 16 AND 1023),
  algorithm INTEGER NOT NULL CHECK (algorithm IN (-7, -8, -257)),
  public_key BLOB NOT NULL,
  signatures INTEGER NOT NULL CHECK (signatures BETWEEN 0 AND 4294967295),
  may_be_copied INTEGER NOT NULL CHECK (may_be_copied IN (0, 1)),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX passkey_of_person ON passkey (person, seq);
CREATE TRIGGER passkey_stays_what_it_is BEFORE UPDATE OF seq, id, person, credential, algorithm,
  public_key, may_be_copied, name, created_at ON passkey
BEGIN SELECT RAISE (ABORT, 'a passkey stays what it is'); END;
CREATE TRIGGER signatures_go_on BEFORE UPDATE OF signatures ON passkey
  WHEN NEW.signatures < OLD.signatures
BEGIN SELECT RAISE (ABORT, 'signatures of a passkey are counted forwards'); END;

CREATE TABLE application_password (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX application_password_of_person ON application_password (person, seq);
CREATE TRIGGER application_password_is_never_edited BEFORE UPDATE ON application_password
BEGIN SELECT RAISE (ABORT, 'an application password is never edited'); END;
)sql";

// A letter without its box was given up: it is counted, and what was in it is gone.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN warned_at INTEGER;

CREATE TABLE reset (
  person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  id TEXT NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reset_request (
  seq INTEGER PRIMARY KEY,
  login_box BLOB NOT NULL,
  source TEXT NOT NULL,
  request TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  asked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE letter (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  box BLOB,
  written_at INTEGER NOT NULL,
  useful_until INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  given_up_at INTEGER,
  CHECK ((box IS NULL) = (given_up_at IS NOT NULL))
) STRICT;
CREATE INDEX letter_by_turn ON letter (next_at, seq) WHERE box IS NOT NULL;
CREATE INDEX letter_by_end ON letter (useful_until) WHERE box IS NOT NULL;
)sql";

/// Who somebody is at an identity provider, and which sessions began there.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE identity (
  person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  linked_at INTEGER NOT NULL,
  used_at INTEGER,
  UNIQUE (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER identity_stays_whose_it_is BEFORE UPDATE OF person, issuer, subject, linked_at
  ON identity
BEGIN SELECT RAISE (ABORT, 'an identity stays whose it is'); END;

ALTER TABLE session ADD COLUMN began_by TEXT NOT NULL DEFAULT 'own'
  CHECK (began_by IN ('own', 'provider'));
CREATE TRIGGER session_stays_as_it_began BEFORE UPDATE OF began_by ON session
BEGIN SELECT RAISE (ABORT, 'a session stays what it is: it ends, and another begins'); END;
)sql";

int version_of(core::db::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

void migrate(core::db::Database& database) {
  // IMMEDIATE: of two that open a new file at once, the second waits and then finds the schema.
  core::db::Transaction transaction(database, core::db::Transaction::Behavior::IMMEDIATE);
  const int found = version_of(database);
  if (found > kVersion) {
    throw core::db::Error("access.db has schema version " + std::to_string(found) +
                          ", this program knows versions up to " + std::to_string(kVersion) +
                          ": install the newer program again");
  }
  if (found == kVersion) return;
  if (found < 1) database.exec(kVersion1);
  if (found < 2) database.exec(kVersion2);
  if (found < 3) database.exec(kVersion3);
  if (found < 4) database.exec(kVersion4);
  database.exec("PRAGMA user_version = " + std::to_string(kVersion));
  transaction.commit();
}

}  // namespace

core::db::Database open_database(const AccessPlace& place) {
  core::db::Database database = core::db::open(place.database);
  database.exec("PRAGMA secure_delete=ON");
  migrate(database);
  return database;
}

AccessKey settle_key(const AccessPlace& place) {
  core::db::Database database = open_database(place);
  Statements statements(database);
  Rows known(statements["SELECT id FROM access_key"]);
  if (!known.next()) {
    AccessKey key = AccessKey::of_file(place.key);
    Rows(statements["INSERT INTO access_key (one, id) VALUES (1, ?1)"], key.id()).execute();
    return key;
  }
  if (!std::filesystem::exists(std::filesystem::symlink_status(place.key))) {
    throw AccessKeyError(
        "access.key is missing. Without it nobody's second factor can be checked: restore the "
        "whole data directory from one backup.");
  }
  AccessKey key = AccessKey::of_file(place.key);
  if (!std::ranges::equal(known.bytes(0), key.id())) {
    throw AccessKeyError(
        "access.key is not the key of access.db: restore the whole data directory from one "
        "backup.");
  }
  return key;
}

}  // namespace sekisho::access
