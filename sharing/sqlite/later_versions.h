// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::sharing {

// The SQL that each later version of sharing.db adds to the one before, for schema.cpp.

/// `expiry_log_size` is the access log's size before the entry about the share's expiry was made,
/// `expiry_recorded_at` when that was there.
inline constexpr const char* kVersion5 = R"sql(
ALTER TABLE share ADD COLUMN expiry_log_size INTEGER;
ALTER TABLE share ADD COLUMN expiry_recorded_at INTEGER;
CREATE INDEX share_to_expire ON share (expires_at)
  WHERE revoked_at IS NULL AND expiry_recorded_at IS NULL;
CREATE TRIGGER share_expires_once BEFORE UPDATE OF expiry_log_size, expiry_recorded_at ON share
  WHEN OLD.expiry_recorded_at IS NOT NULL
    OR (OLD.expiry_log_size IS NOT NULL AND NEW.expiry_log_size IS NOT OLD.expiry_log_size)
BEGIN SELECT RAISE (ABORT, 'a share expires once'); END;
)sql";

/// `series` and `instance` are the recipient's own UIDs, the others those of the archive: until
/// then they were the same.
inline constexpr const char* kVersion6 = R"sql(
ALTER TABLE returned_object ADD COLUMN archived_series TEXT NOT NULL DEFAULT '';
ALTER TABLE returned_object ADD COLUMN archived_instance TEXT NOT NULL DEFAULT '';
UPDATE returned_object SET archived_series = series, archived_instance = instance;
CREATE INDEX returned_object_in_archive ON returned_object (archived_series, archived_instance);
)sql";

/// A share is never edited: who moves its end adds a row, and the latest end counts. What it is
/// at present is `present_share.ends_at`.
inline constexpr const char* kVersion7 = R"sql(
CREATE TABLE share_extension (
  share TEXT NOT NULL REFERENCES share (id),
  expires_at INTEGER NOT NULL,
  extended_at INTEGER NOT NULL,
  extended_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (share, expires_at)
) STRICT, WITHOUT ROWID;
CREATE VIEW present_share AS SELECT *, coalesce(
  (SELECT max(extension.expires_at) FROM share_extension AS extension WHERE share = share.id),
  expires_at) AS ends_at FROM share;
CREATE TRIGGER extension_is_of_a_share_that_is_not_over BEFORE INSERT ON share_extension
  WHEN NOT EXISTS (SELECT 1 FROM present_share WHERE id = NEW.share AND revoked_at IS NULL
    AND key_destroyed_at IS NULL AND expiry_log_size IS NULL
    AND ends_at > NEW.extended_at AND ends_at < NEW.expires_at)
BEGIN SELECT RAISE (ABORT, 'only the end of a share that is not over is moved, and only away'); END;
CREATE TRIGGER extension_is_never_edited BEFORE UPDATE ON share_extension
BEGIN SELECT RAISE (ABORT, 'an extension is never edited'); END;
CREATE TRIGGER extension_is_never_deleted BEFORE DELETE ON share_extension
BEGIN SELECT RAISE (ABORT, 'an extension is never deleted'); END;
DROP TRIGGER share_key_is_destroyed_once;
CREATE TRIGGER share_key_is_destroyed_once BEFORE UPDATE OF key_destroyed_at ON share
  WHEN OLD.key_destroyed_at IS NOT NULL OR (OLD.revoked_at IS NULL
    AND (SELECT ends_at FROM present_share WHERE id = OLD.id) > NEW.key_destroyed_at)
BEGIN SELECT RAISE (ABORT, 'the key of a share that is over is destroyed once'); END;
)sql";

/// Approvals and their withdrawals, one row for each; of a series the last one counts, which is
/// `approved_series`. Shares are looked up by study.
inline constexpr const char* kVersion8 = R"sql(
CREATE TABLE series_decision (
  seq INTEGER PRIMARY KEY,
  share TEXT NOT NULL REFERENCES share (id),
  patient_id TEXT NOT NULL,
  study TEXT NOT NULL,
  series TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'withdrawn')),
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT;
INSERT INTO series_decision (share, patient_id, study, series, decision, decided_by, decided_at)
  SELECT share, patient_id, study, series, 'approved', approved_by, approved_at
  FROM series_approval ORDER BY approved_at;
DROP TABLE series_approval;
CREATE INDEX share_object_of_study ON share_object (study, share);
CREATE INDEX decision_on_series ON series_decision (share, patient_id, study, series);
CREATE VIEW approved_series AS SELECT share, patient_id, study, series FROM series_decision AS last
  WHERE decision = 'approved' AND seq = (SELECT max(seq) FROM series_decision AS each
    WHERE each.share = last.share AND each.patient_id = last.patient_id
      AND each.study = last.study AND each.series = last.series);
CREATE TRIGGER decision_is_never_edited BEFORE UPDATE ON series_decision
BEGIN SELECT RAISE (ABORT, 'a decision is never edited'); END;
CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON series_decision
BEGIN SELECT RAISE (ABORT, 'a decision is never deleted'); END;
)sql";

/// What was made by calls that may come again: hashes of who gave which key and of what was asked
/// for, and the id of what was made. Rows live for a day.
inline constexpr const char* kVersion9 = R"sql(
CREATE TABLE creation_key (
  key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
  request BLOB NOT NULL CHECK (length(request) = 32),
  made TEXT NOT NULL,
  given_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX creation_key_by_age ON creation_key (given_at);
CREATE TRIGGER creation_key_is_never_edited BEFORE UPDATE ON creation_key
BEGIN SELECT RAISE (ABORT, 'a key makes one thing'); END;
)sql";

/// `returned_at` is when the object was about to be stored, `stored_at` when the archive had it.
/// Until then nobody put down whether it came to that.
inline constexpr const char* kVersion10 = R"sql(
ALTER TABLE returned_object ADD COLUMN stored_at INTEGER;
UPDATE returned_object SET stored_at = returned_at;
CREATE TRIGGER returned_object_is_stored_once BEFORE UPDATE ON returned_object
  WHEN OLD.stored_at IS NOT NULL OR NEW.stored_at IS NULL
BEGIN SELECT RAISE (ABORT, 'a returned object is stored once'); END;
CREATE TRIGGER returned_object_stays BEFORE UPDATE OF share, series, instance, returned_at,
  archived_series, archived_instance ON returned_object
BEGIN SELECT RAISE (ABORT, 'a returned object is never edited'); END;
)sql";

/// The directory. What stands in the tables of the index follows from `recipient`.
inline constexpr const char* kVersion11 = R"sql(
ALTER TABLE recipient ADD COLUMN kana TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN telephone TEXT NOT NULL DEFAULT '';
CREATE TABLE directory_entry (
  seq INTEGER PRIMARY KEY REFERENCES recipient (seq),
  searched TEXT NOT NULL,
  name TEXT NOT NULL,
  reversed_name TEXT NOT NULL,
  digits TEXT NOT NULL,
  name_and_place TEXT NOT NULL
) STRICT;
CREATE INDEX directory_by_name ON directory_entry (name);
CREATE INDEX directory_by_name_and_place ON directory_entry (name_and_place);
CREATE INDEX directory_by_beginning ON directory_entry (digits, name);
CREATE INDEX directory_by_end ON directory_entry (digits, reversed_name);
CREATE VIRTUAL TABLE directory_pairs USING fts5 (pairs, content = '', columnsize = 0, prefix = '1',
  tokenize = 'ascii');
)sql";

/// A share may be for one person of its recipient, may await that somebody else than its maker
/// approves it, and may have its pictures marked.
inline constexpr const char* kVersion12 = R"sql(
ALTER TABLE share ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE share ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0
  CHECK (needs_approval IN (0, 1));
ALTER TABLE share ADD COLUMN marks_pictures INTEGER NOT NULL DEFAULT 0
  CHECK (marks_pictures IN (0, 1));
ALTER TABLE share ADD COLUMN approved_at INTEGER;
ALTER TABLE share ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
DROP TRIGGER share_is_never_edited;
CREATE TRIGGER share_is_never_edited BEFORE UPDATE OF seq, id, recipient, level, profile_name,
  profile_json, may_view, may_download, may_return, may_return_documents, assurance,
  not_before, expires_at, max_sessions, purpose, intended_use, link_hash, created_at, created_by,
  person, needs_approval, marks_pictures ON share
BEGIN SELECT RAISE (ABORT, 'a share is never edited'); END;
CREATE TRIGGER share_begins_unapproved BEFORE INSERT ON share
  WHEN NEW.approved_at IS NOT NULL OR NEW.approved_by <> ''
BEGIN SELECT RAISE (ABORT, 'a share is approved after it is made'); END;
CREATE TRIGGER share_is_approved_once BEFORE UPDATE OF approved_at, approved_by ON share
  WHEN OLD.approved_at IS NOT NULL OR OLD.revoked_at IS NOT NULL OR OLD.needs_approval = 0
    OR NEW.approved_at IS NULL OR NEW.approved_by IN ('', OLD.created_by) OR OLD.created_by = ''
BEGIN SELECT RAISE (ABORT, 'a share is approved once, by somebody else than who made it'); END;
)sql";

/// What patients have consented to, and the shares that ended as they withdrew it. PatientIDs stand
/// here as in share_object.
inline constexpr const char* kVersion14 = R"sql(
CREATE TABLE consent (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  patient_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL CHECK (valid_until > valid_from),
  obtained_by TEXT NOT NULL,
  reference TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  withdrawn_at INTEGER,
  withdrawn_by TEXT NOT NULL DEFAULT '',
  withdraw_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX consent_of_patient ON consent (patient_id, purpose);
CREATE TABLE ended_share (
  consent TEXT NOT NULL REFERENCES consent (id),
  share TEXT NOT NULL REFERENCES share (id),
  PRIMARY KEY (consent, share)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER consent_is_withdrawn_once BEFORE UPDATE ON consent
  WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
BEGIN SELECT RAISE (ABORT, 'a consent is withdrawn once'); END;
CREATE TRIGGER consent_is_never_edited BEFORE UPDATE OF seq, id, patient_id, purpose, valid_from,
  valid_until, obtained_by, reference, created_at, created_by ON consent
BEGIN SELECT RAISE (ABORT, 'a consent is never edited'); END;
CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent
BEGIN SELECT RAISE (ABORT, 'a consent is never deleted'); END;
CREATE TRIGGER ended_share_is_revoked BEFORE INSERT ON ended_share
  WHEN NOT EXISTS (SELECT 1 FROM share JOIN consent ON consent.withdrawn_at = share.revoked_at
    WHERE share.id = NEW.share AND consent.id = NEW.consent)
BEGIN SELECT RAISE (ABORT, 'a share ends with the consent that is withdrawn'); END;
CREATE TRIGGER ended_share_is_never_edited BEFORE UPDATE ON ended_share
BEGIN SELECT RAISE (ABORT, 'what a withdrawal has ended stays'); END;
CREATE TRIGGER ended_share_is_never_deleted BEFORE DELETE ON ended_share
BEGIN SELECT RAISE (ABORT, 'what a withdrawal has ended stays'); END;
)sql";

/// What a token may do of what its recipient may, for good, and the ids of the shares that it opens
/// with a blank between them (NULL: all). One from before may do everything. And profiles: tens of
/// kilobytes, which many shares have alike. And indices of what is looked for among all shares.
inline constexpr const char* kVersion15 = R"sql(
ALTER TABLE token ADD COLUMN may_view INTEGER NOT NULL DEFAULT 1 CHECK (may_view IN (0, 1));
ALTER TABLE token ADD COLUMN may_download INTEGER NOT NULL DEFAULT 1
  CHECK (may_download IN (0, 1));
ALTER TABLE token ADD COLUMN may_return INTEGER NOT NULL DEFAULT 1 CHECK (may_return IN (0, 1));
ALTER TABLE token ADD COLUMN may_return_documents INTEGER NOT NULL DEFAULT 1
  CHECK (may_return_documents IN (0, 1));
ALTER TABLE token ADD COLUMN shares TEXT;
CREATE TRIGGER token_is_never_edited BEFORE UPDATE OF seq, id, recipient, name, hash, created_at,
  expires_at, may_view, may_download, may_return, may_return_documents, shares ON token
BEGIN SELECT RAISE (ABORT, 'a token is revoked and nothing else'); END;

CREATE TABLE profile (
  seq INTEGER PRIMARY KEY,
  json TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO profile (json) SELECT DISTINCT profile_json FROM share;
DROP TRIGGER share_is_never_edited;
ALTER TABLE share ADD COLUMN profile INTEGER NOT NULL DEFAULT 0;
UPDATE share SET profile = (SELECT seq FROM profile WHERE json = profile_json);
ALTER TABLE share DROP COLUMN profile_json;
CREATE TRIGGER share_is_never_edited BEFORE UPDATE OF seq, id, recipient, level, profile_name,
  profile, may_view, may_download, may_return, may_return_documents, assurance, not_before,
  expires_at, max_sessions, purpose, intended_use, link_hash, created_at, created_by, person,
  needs_approval, marks_pictures ON share
BEGIN SELECT RAISE (ABORT, 'a share is never edited'); END;
CREATE TRIGGER share_has_a_profile BEFORE INSERT ON share
  WHEN NOT EXISTS (SELECT 1 FROM profile WHERE seq = NEW.profile)
BEGIN SELECT RAISE (ABORT, 'a share without its profile'); END;
CREATE TRIGGER profile_is_never_edited BEFORE UPDATE ON profile
BEGIN SELECT RAISE (ABORT, 'a profile of shares is never edited'); END;
CREATE TRIGGER profile_is_never_deleted BEFORE DELETE ON profile
BEGIN SELECT RAISE (ABORT, 'a profile of shares is never deleted'); END;

CREATE INDEX ended_share_by_share ON ended_share (share);
CREATE INDEX network_in_use ON recipient_network (network, recipient);
CREATE INDEX recipient_that_is_disabled ON recipient (id) WHERE disabled_at IS NOT NULL;
CREATE INDEX share_awaiting ON share (needs_approval)
  WHERE needs_approval = 1 AND approved_at IS NULL;
CREATE INDEX share_by_beginning ON share (not_before);
CREATE INDEX share_by_creation ON share (created_at);
CREATE INDEX share_of_person ON share (person) WHERE person <> '';
)sql";

/// `authority` is SHA-256 of the SubjectPublicKeyInfo of one that the certificates lead to,
/// `name_key` what two spellings of one name have in common (docs/certificates.md).
inline constexpr const char* kVersion16 = R"sql(
CREATE TABLE certificate_rule (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL REFERENCES recipient (id),
  authority BLOB NOT NULL CHECK (length(authority) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('subject', 'uri', 'dns', 'email')),
  name TEXT NOT NULL,
  name_key BLOB NOT NULL CHECK (length(name_key) = 32),
  created_at INTEGER NOT NULL,
  UNIQUE (name_key, authority)
) STRICT;
CREATE INDEX certificate_rule_of_recipient ON certificate_rule (recipient);
CREATE TRIGGER certificate_rule_is_never_edited BEFORE UPDATE ON certificate_rule
BEGIN SELECT RAISE (ABORT, 'a rule is never edited'); END;
)sql";

}  // namespace sekisho::sharing
