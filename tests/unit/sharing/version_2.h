// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::tests {

/// sharing.db as the program before wrote it: the pseudonym keys stand in clear in share.mask_key.
inline constexpr const char* kSharingVersion2 = R"sql(
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
PRAGMA user_version = 2;
)sql";

}  // namespace sekisho::tests
