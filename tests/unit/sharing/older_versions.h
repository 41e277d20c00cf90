// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::tests {

/// Makes a sharing.db of version 14, whose tokens may do everything, whose shares have profiles
/// each of its own and which knew no rules for certificates, of one of version 16.
inline constexpr const char* kBackToVersion14 =
    "DROP TABLE certificate_rule;"
    "DROP TRIGGER token_is_never_edited;"
    "ALTER TABLE token DROP COLUMN may_view; ALTER TABLE token DROP COLUMN may_download;"
    "ALTER TABLE token DROP COLUMN may_return; ALTER TABLE token DROP COLUMN may_return_documents;"
    "ALTER TABLE token DROP COLUMN shares;"
    "DROP TRIGGER share_has_a_profile; DROP TRIGGER share_is_never_edited;"
    "ALTER TABLE share ADD COLUMN profile_json TEXT NOT NULL DEFAULT '';"
    "UPDATE share SET profile_json = (SELECT json FROM profile WHERE seq = profile);"
    "ALTER TABLE share DROP COLUMN profile; DROP TABLE profile;"
    "CREATE TRIGGER share_is_never_edited BEFORE DELETE ON share BEGIN SELECT 1; END;"
    "DROP INDEX ended_share_by_share; DROP INDEX network_in_use;"
    "DROP INDEX recipient_that_is_disabled; DROP INDEX share_awaiting;"
    "DROP INDEX share_by_beginning; DROP INDEX share_by_creation; DROP INDEX share_of_person;"
    "PRAGMA user_version = 14;";

/// Makes one of version 10, which knew no directory, no shares for one person and no consents, of
/// one of version 14.
inline constexpr const char* kBackToVersion10 =
    "DROP TABLE directory_pairs; DROP TABLE directory_entry;"
    "ALTER TABLE recipient DROP COLUMN kana; ALTER TABLE recipient DROP COLUMN department;"
    "ALTER TABLE recipient DROP COLUMN place; ALTER TABLE recipient DROP COLUMN telephone;"
    "DROP TABLE ended_share; DROP TABLE consent;"
    "DROP TRIGGER share_begins_unapproved; DROP TRIGGER share_is_approved_once;"
    "DROP TRIGGER share_is_never_edited;"
    "CREATE TRIGGER share_is_never_edited BEFORE DELETE ON share BEGIN SELECT 1; END;"
    "ALTER TABLE share DROP COLUMN person; ALTER TABLE share DROP COLUMN needs_approval;"
    "ALTER TABLE share DROP COLUMN marks_pictures;"
    "ALTER TABLE share DROP COLUMN approved_at; ALTER TABLE share DROP COLUMN approved_by;"
    "PRAGMA user_version = 10;";

}  // namespace sekisho::tests
