// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/schema.h"

#include <string>

namespace sekisho::sharing {
namespace {

constexpr int kVersion = 2;

// Times are microseconds since 1970-01-01T00:00:00Z. `seq` is the order of creation. Objects of a
// share are written before the share itself, in one transaction: once it stands, its scope is
// closed. The triggers hold against our own mistakes, not against whoever can write the file.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE recipient (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  organisation TEXT NOT NULL,
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

CREATE TABLE recipient_network (
  seq INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL REFERENCES recipient (id),
  network TEXT NOT NULL,
  UNIQUE (recipient, network)
) STRICT;

CREATE TABLE token (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL REFERENCES recipient (id),
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX token_of_recipient ON token (recipient);

CREATE TABLE certificate (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL REFERENCES recipient (id),
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  subject TEXT NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX certificate_of_recipient ON certificate (recipient);

CREATE TABLE share (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL REFERENCES recipient (id),
  level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
  profile_name TEXT NOT NULL,
  profile_json TEXT NOT NULL,
  mask_key BLOB NOT NULL CHECK (length(mask_key) = 32),
  may_view INTEGER NOT NULL CHECK (may_view IN (0, 1)),
  may_download INTEGER NOT NULL CHECK (may_download IN (0, 1)),
  may_return INTEGER NOT NULL CHECK (may_return IN (0, 1)),
  may_return_documents INTEGER NOT NULL CHECK (may_return_documents IN (0, 1)),
  assurance TEXT NOT NULL
    CHECK (assurance IN ('link', 'password', 'password+totp', 'certificate')),
  not_before INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  max_sessions INTEGER,
  purpose TEXT NOT NULL,
  intended_use TEXT NOT NULL CHECK (intended_use IN ('reference', 'reading')),
  link_hash BLOB NOT NULL UNIQUE CHECK (length(link_hash) = 32),
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at INTEGER,
  revoke_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX share_of_recipient ON share (recipient, seq);

-- Below the share's level the columns are empty.
CREATE TABLE share_object (
  share TEXT NOT NULL REFERENCES share (id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  patient_id TEXT NOT NULL,
  study TEXT NOT NULL,
  series TEXT NOT NULL,
  instance TEXT NOT NULL,
  PRIMARY KEY (share, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_object_of_patient ON share_object (patient_id, share);

-- What recipients gave back through a share: their own UIDs, which are shown back as they are.
CREATE TABLE returned_object (
  share TEXT NOT NULL REFERENCES share (id),
  series TEXT NOT NULL,
  instance TEXT NOT NULL,
  returned_at INTEGER NOT NULL,
  PRIMARY KEY (share, instance)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER share_is_revoked_once BEFORE UPDATE ON share WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a share is revoked once'); END;
CREATE TRIGGER share_is_never_edited BEFORE UPDATE OF seq, id, recipient, level, profile_name,
  profile_json, mask_key, may_view, may_download, may_return, may_return_documents, assurance,
  not_before, expires_at, max_sessions, purpose, intended_use, link_hash, created_at, created_by ON share
BEGIN SELECT RAISE (ABORT, 'a share is never edited'); END;
CREATE TRIGGER share_is_never_deleted BEFORE DELETE ON share
BEGIN SELECT RAISE (ABORT, 'a share is never deleted'); END;
CREATE TRIGGER scope_is_closed BEFORE INSERT ON share_object
  WHEN EXISTS (SELECT 1 FROM share WHERE id = NEW.share)
BEGIN SELECT RAISE (ABORT, 'the scope of a share is closed'); END;
CREATE TRIGGER scope_is_never_edited BEFORE UPDATE ON share_object
BEGIN SELECT RAISE (ABORT, 'the scope of a share is never edited'); END;
CREATE TRIGGER scope_is_never_cut BEFORE DELETE ON share_object
BEGIN SELECT RAISE (ABORT, 'the scope of a share is never edited'); END;
)sql";

/// Series whose images a member of staff looked at and approved for one share.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE series_approval (
  share TEXT NOT NULL REFERENCES share (id),
  patient_id TEXT NOT NULL,
  study TEXT NOT NULL,
  series TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at INTEGER NOT NULL,
  PRIMARY KEY (share, patient_id, study, series)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER approval_is_never_edited BEFORE UPDATE ON series_approval
BEGIN SELECT RAISE (ABORT, 'an approval is never edited'); END;
CREATE TRIGGER approval_is_never_deleted BEFORE DELETE ON series_approval
BEGIN SELECT RAISE (ABORT, 'an approval is never deleted'); END;
)sql";

}  // namespace

void migrate(core::db::Database& database) {
  // IMMEDIATE: of two that open a new file at once, the second waits and then finds the schema.
  core::db::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const int found = database.execAndGet("PRAGMA user_version").getInt();
  if (found > kVersion) {
    throw core::db::Error("sharing.db has schema version " + std::to_string(found) +
                          ", this program knows versions up to " + std::to_string(kVersion) +
                          ": install the newer program again");
  }
  if (found < 1) database.exec(kVersion1);
  if (found < 2) database.exec(kVersion2);
  database.exec("PRAGMA user_version = " + std::to_string(kVersion));
  transaction.commit();
}

}  // namespace sekisho::sharing
