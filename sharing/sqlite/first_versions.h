// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::sharing {

// The SQL of the first versions of sharing.db, for schema.cpp: until the keys were wrapped.

// Times are microseconds since 1970-01-01T00:00:00Z. `seq` is the order of creation. Objects of a
// share are written before the share itself, in one transaction: once it stands, its scope is
// closed. The triggers hold against our own mistakes, not against whoever can write the file.
inline constexpr const char* kVersion1 = R"sql(
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
inline constexpr const char* kVersion2 = R"sql(
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

/// Pseudonym keys in a table of their own, wrapped (docs/formats/sharing.md). It is written anew
/// whenever a key goes, so it has neither a DELETE trigger nor a foreign key: with them SQLite
/// would delete row by row and leave copies behind.
inline constexpr const char* kVersion3 = R"sql(
CREATE TABLE wrapping_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;
CREATE TRIGGER wrapping_key_is_kept BEFORE DELETE ON wrapping_key
BEGIN SELECT RAISE (ABORT, 'the mask key is rotated, never removed'); END;

CREATE TABLE share_key (
  seq INTEGER PRIMARY KEY,
  share TEXT NOT NULL UNIQUE,
  id BLOB NOT NULL CHECK (length(id) = 16),
  wrapping BLOB NOT NULL,
  wrapped BLOB NOT NULL CHECK (length(wrapped) = 60)
) STRICT;
CREATE TRIGGER share_key_is_wrapped_by_the_mask_key BEFORE INSERT ON share_key
  WHEN NEW.wrapping IS NOT (SELECT id FROM wrapping_key)
BEGIN SELECT RAISE (ABORT, 'wrapped by a key that is no longer the mask key'); END;
CREATE TRIGGER share_key_is_never_edited BEFORE UPDATE ON share_key
BEGIN SELECT RAISE (ABORT, 'a wrapped key is never edited'); END;

ALTER TABLE share ADD COLUMN key_destroyed_at INTEGER;
CREATE TRIGGER share_key_is_of_a_share BEFORE INSERT ON share_key
  WHEN NOT EXISTS (SELECT 1 FROM share WHERE id = NEW.share AND key_destroyed_at IS NULL)
BEGIN SELECT RAISE (ABORT, 'a key without a share that may have one'); END;
)sql";

/// After the keys were wrapped.
inline constexpr const char* kVersion3WithoutClearKeys = R"sql(
DROP TRIGGER share_is_revoked_once;
DROP TRIGGER share_is_never_edited;
ALTER TABLE share DROP COLUMN mask_key;
CREATE TRIGGER share_is_revoked_once BEFORE UPDATE OF revoked_at, revoke_reason ON share
  WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a share is revoked once'); END;
CREATE TRIGGER share_key_is_destroyed_once BEFORE UPDATE OF key_destroyed_at ON share
  WHEN OLD.key_destroyed_at IS NOT NULL
    OR (OLD.revoked_at IS NULL AND OLD.expires_at > NEW.key_destroyed_at)
BEGIN SELECT RAISE (ABORT, 'the key of a share that is over is destroyed once'); END;
CREATE TRIGGER share_is_never_edited BEFORE UPDATE OF seq, id, recipient, level, profile_name,
  profile_json, may_view, may_download, may_return, may_return_documents, assurance,
  not_before, expires_at, max_sessions, purpose, intended_use, link_hash, created_at, created_by ON share
BEGIN SELECT RAISE (ABORT, 'a share is never edited'); END;
)sql";

}  // namespace sekisho::sharing
