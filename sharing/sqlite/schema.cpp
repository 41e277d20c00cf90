// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/schema.h"

#include <string>

#include "sharing/mask_key_files.h"
#include "sharing/sqlite/directory.h"
#include "sharing/sqlite/first_versions.h"
#include "sharing/sqlite/later_versions.h"
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
/// Shares lean on consents.
constexpr int kWithConsents = 14;
/// Tokens may do less than their recipient, and shares have profiles in common.
constexpr int kWithNarrowTokens = 15;
/// Recipients have certificates by their names.
constexpr int kVersion = 16;

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
  if (found < kWithConsents) database.exec(kVersion14);
  if (found < kWithNarrowTokens) database.exec(kVersion15);
  database.exec(kVersion16);
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
