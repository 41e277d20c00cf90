// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/schema.h"

#include <string>

#include "sharing/mask_key_files.h"
#include "sharing/sqlite/directory.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {
namespace {

/// The keys are wrapped. What stood in clear before may still be in free pages.
constexpr int kWrapped = 3;
/// They are gone from the file for good.
constexpr int kSwept = 4;
/// Shares know whether their expiry is on record.
constexpr int kWithExpiry = 5;
/// What came back is known by the UIDs of the archive as well.
constexpr int kWithArchivedUids = 6;
/// The end of a share may be moved away.
constexpr int kWithExtensions = 7;
/// An approval may be withdrawn.
constexpr int kWithDecisions = 8;
/// Callers may repeat themselves.
constexpr int kWithCreationKeys = 9;
/// What is given back is put down before it is stored.
constexpr int kWithStages = 10;
/// Recipients are found by what is known of them.
constexpr int kWithDirectory = 11;
/// Shares may be for one person, and may await an approval.
constexpr int kWithPersons = 12;
constexpr int kVersion = 14;

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

/// Pseudonym keys in a table of their own, wrapped (docs/formats/sharing.md). It is written anew
/// whenever a key goes, so it has neither a DELETE trigger nor a foreign key: with them SQLite
/// would delete row by row and leave copies behind.
constexpr const char* kVersion3 = R"sql(
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
constexpr const char* kVersion3WithoutClearKeys = R"sql(
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

/// `expiry_log_size` is the access log's size before the entry about the share's expiry was made,
/// `expiry_recorded_at` when that was there.
constexpr const char* kVersion5 = R"sql(
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
constexpr const char* kVersion6 = R"sql(
ALTER TABLE returned_object ADD COLUMN archived_series TEXT NOT NULL DEFAULT '';
ALTER TABLE returned_object ADD COLUMN archived_instance TEXT NOT NULL DEFAULT '';
UPDATE returned_object SET archived_series = series, archived_instance = instance;
CREATE INDEX returned_object_in_archive ON returned_object (archived_series, archived_instance);
)sql";

/// A share is never edited: who moves its end adds a row, and the latest end counts. What it is
/// at present is `present_share.ends_at`.
constexpr const char* kVersion7 = R"sql(
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
constexpr const char* kVersion8 = R"sql(
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
constexpr const char* kVersion9 = R"sql(
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
constexpr const char* kVersion10 = R"sql(
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
constexpr const char* kVersion11 = R"sql(
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
constexpr const char* kVersion12 = R"sql(
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
constexpr const char* kVersion14 = R"sql(
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

void wrap_clear_keys(core::db::Database& database, const WrappingKey& wrapping) {
  Statements statements(database);
  Rows(statements["INSERT INTO wrapping_key (one, id) VALUES (1, ?1)"], wrapping.id()).execute();
  Rows clear(statements["SELECT id, mask_key FROM share ORDER BY seq"]);
  while (clear.next()) {
    const auto share = read_id<ShareId>(clear, 0);
    const core::ByteView bytes = clear.bytes(1);
    const core::Secret key(core::Bytes(bytes.begin(), bytes.end()));
    const WrappedKey wrapped = wrapping.wrap(share, key);
    Rows(statements["INSERT INTO share_key (share, id, wrapping, wrapped)"
                    " VALUES (?1, ?2, ?3, ?4)"],
         share, wrapped.id, wrapping.id(), wrapped.box)
        .execute();
  }
}

int version_of(core::db::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

void set_version(core::db::Database& database, int version) {
  database.exec("PRAGMA user_version = " + std::to_string(version));
}

void migrate(core::db::Database& database, const SharingPlace& place) {
  // IMMEDIATE: of two that open a new file at once, the second waits and then finds the schema.
  core::db::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const int found = version_of(database);
  if (found > kVersion) {
    throw core::db::Error("sharing.db has schema version " + std::to_string(found) +
                          ", this program knows versions up to " + std::to_string(kVersion) +
                          ": install the newer program again");
  }
  if (found >= kWrapped) return;
  if (found < 1) database.exec(kVersion1);
  if (found < 2) database.exec(kVersion2);
  database.exec(kVersion3);
  wrap_clear_keys(database, first_mask_key(place));
  database.exec(kVersion3WithoutClearKeys);
  set_version(database, found == 0 ? kSwept : kWrapped);
  transaction.commit();
}

/// Rows that were moved leave copies of themselves behind, in pages and in the write-ahead log.
/// Whoever is cut off here begins again at the next start.
void sweep(core::db::Database& database) {
  if (version_of(database) >= kSwept) return;
  database.exec("VACUUM");
  core::db::empty_write_ahead_log(database);
  set_version(database, kSwept);
}

void add_what_came_later(core::db::Database& database) {
  core::db::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const int found = version_of(database);
  if (found >= kVersion) return;
  if (found < kWithExpiry) database.exec(kVersion5);
  if (found < kWithArchivedUids) database.exec(kVersion6);
  if (found < kWithExtensions) database.exec(kVersion7);
  if (found < kWithDecisions) database.exec(kVersion8);
  if (found < kWithCreationKeys) database.exec(kVersion9);
  if (found < kWithStages) database.exec(kVersion10);
  if (found < kWithDirectory) {
    database.exec(kVersion11);
    write_entries(database);
  }
  if (found < kWithPersons) database.exec(kVersion12);
  database.exec(kVersion14);
  set_version(database, kVersion);
  transaction.commit();
}

}  // namespace

core::db::Database open_database(const SharingPlace& place) {
  core::db::Database database = core::db::open(place.database);
  database.exec("PRAGMA secure_delete=ON");
  migrate(database, place);
  sweep(database);
  if (version_of(database) < kVersion) add_what_came_later(database);
  return database;
}

}  // namespace sekisho::sharing
