// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::tests {

/// Makes a sharing.db of version 10, which knew no directory, of one of version 11.
inline constexpr const char* kBackToVersion10 =
    "DROP TABLE directory_pairs; DROP TABLE directory_entry;"
    "ALTER TABLE recipient DROP COLUMN kana; ALTER TABLE recipient DROP COLUMN department;"
    "ALTER TABLE recipient DROP COLUMN place; ALTER TABLE recipient DROP COLUMN telephone;"
    "PRAGMA user_version = 10;";

}  // namespace sekisho::tests
