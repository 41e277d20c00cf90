// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/mask_keys.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "core/encoding.h"
#include "core/key_file.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"
#include "unit/sharing/older_versions.h"
#include "unit/sharing/version_2.h"

namespace sekisho::sharing {
namespace {

using tests::a_recipient;
using tests::a_share;
using tests::at;

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, std::string_view content) {
  std::filesystem::remove_all(file);
  ASSERT_FALSE(core::create_key_file(file, content));
}

/// Shares by the hexadecimal digits of their keys.
using Keys = std::map<ShareId, std::string>;

class MaskKeysTest : public testing::Test {
 protected:
  /// sharing.db with so many shares, closed.
  std::vector<ShareId> closed_with(int count) const {
    SqliteRecipientStore(place).insert(clinic);
    SqliteShareStore store(place);
    std::vector<ShareId> shares;
    for (int i = 0; i < count; ++i) {
      const Share share = a_share(clinic.id);
      store.insert(share);
      shares.push_back(share.id);
    }
    return shares;
  }
  Keys keys_of(const std::vector<ShareId>& shares) const {
    const SqliteShareStore store(place);
    Keys keys;
    for (const ShareId& share : shares) {
      const auto key = store.mask_key(share);
      keys[share] = key ? core::to_hex(key->view()) : "none";
    }
    return keys;
  }
  /// Whether these bytes stand anywhere in sharing.db or what SQLite keeps beside it.
  bool is_on_disk(core::ByteView bytes) const {
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
      if (!entry.path().filename().string().starts_with("sharing.db")) continue;
      if (content_of(entry.path()).find(core::as_text(bytes)) != std::string::npos) return true;
    }
    return false;
  }
  /// What stands in share_key.wrapped.
  core::Bytes box_of(const ShareId& share) const {
    auto database = core::db::open_read_only(place.database);
    core::db::Statement query(database, "SELECT wrapped FROM share_key WHERE share = ?");
    query.bind(1, share.text());
    if (!query.executeStep()) return {};
    const auto* bytes = static_cast<const core::Byte*>(query.getColumn(0).getBlob());
    return {bytes, bytes + query.getColumn(0).getBytes()};
  }
  /// Opens nothing, says so to staff, and makes no key anew.
  void expect_refusal() const {
    const std::string before = content_of(place.mask_key);
    try {
      const SqliteShareStore store(place);
      ADD_FAILURE() << "opened";
    } catch (const MaskKeyError& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("mask.key"), std::string::npos) << text;
      EXPECT_NE(text.find("from one backup"), std::string::npos) << text;
      EXPECT_EQ(text.find(directory.path().string()), std::string::npos) << text;
    }
    EXPECT_EQ(content_of(place.mask_key), before);
  }

  tests::TemporaryDirectory directory;
  const SharingPlace place = SharingPlace::in(directory.path());
  const Recipient clinic = a_recipient();
  const core::Time now = at("2026-02-10T00:00:00Z");
};

TEST_F(MaskKeysTest, AreOneForEachShareAndStayOverARestart) {
  const auto shares = closed_with(3);
  const Keys keys = keys_of(shares);
  std::set<std::string> distinct;
  for (const auto& [share, key] : keys) {
    EXPECT_EQ(key.size(), 64U);
    distinct.insert(key);
  }
  EXPECT_EQ(distinct.size(), 3U);
  EXPECT_EQ(keys_of(shares), keys);
  EXPECT_FALSE(SqliteShareStore(place).mask_key(ShareId::random()));
}

TEST_F(MaskKeysTest, DoNotStandInTheDatabaseInClear) {
  const auto shares = closed_with(20);
  EXPECT_TRUE(is_on_disk(box_of(shares.front()))) << "the search finds nothing at all";
  for (const auto& [share, key] : keys_of(shares)) {
    EXPECT_FALSE(is_on_disk(*core::from_hex(key)));
    EXPECT_FALSE(is_on_disk(core::as_bytes(key)));
  }
}

TEST_F(MaskKeysTest, AreWrappedByAFileForItsOwnerAlone) {
  closed_with(1);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(place.mask_key).permissions(),
            perms::owner_read | perms::owner_write);
  EXPECT_EQ(content_of(place.mask_key).size(), 65U);
  EXPECT_FALSE(std::filesystem::exists(place.next_mask_key));
}

TEST_F(MaskKeysTest, OfOneShareOpensNoOther) {
  const auto shares = closed_with(2);
  {
    auto database = core::db::open(place.database);
    EXPECT_THROW(database.exec("UPDATE share_key SET wrapped = zeroblob(60)"), core::db::Error);
    database.exec(
        "DROP TRIGGER share_key_is_never_edited;"
        "UPDATE share_key SET (id, wrapped) = (SELECT id, wrapped FROM share_key WHERE seq = 2)"
        " WHERE seq = 1");
  }
  const SqliteShareStore store(place);
  EXPECT_THROW(store.mask_key(shares[0]), MaskKeyError);
  EXPECT_TRUE(store.mask_key(shares[1]));
}

TEST_F(MaskKeysTest, AreNotOpenedWithoutTheirFile) {
  closed_with(1);
  std::filesystem::remove(place.mask_key);
  expect_refusal();
  EXPECT_FALSE(std::filesystem::exists(place.mask_key));
}

TEST_F(MaskKeysTest, AreNotOpenedWithAForeignOrDamagedFile) {
  closed_with(1);
  for (const std::string& content :
       {core::key_line(core::Secret::random(32)), std::string("x\n"), std::string()}) {
    write(place.mask_key, content);
    expect_refusal();
  }
}

TEST_F(MaskKeysTest, AreNotOpenedWithAFileThatOthersCanRead) {
  closed_with(1);
  std::filesystem::permissions(place.mask_key, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  expect_refusal();
}

// --- rotation
// -------------------------------------------------------------------------------------

TEST_F(MaskKeysTest, AreTheSameAfterARotation) {
  const auto shares = closed_with(60);
  const Keys keys = keys_of(shares);
  const std::string old_file = content_of(place.mask_key);
  const core::Bytes old_box = box_of(shares[7]);
  {
    SqliteShareStore store(place);
    const auto old_id = store.wrapping_key_id();
    EXPECT_EQ(store.rotate_wrapping_key(), 60U);
    EXPECT_NE(store.wrapping_key_id(), old_id);
    EXPECT_EQ(core::to_hex(store.mask_key(shares[7])->view()), keys.at(shares[7]));
    EXPECT_FALSE(is_on_disk(old_box)) << "while the service runs on";
  }
  EXPECT_NE(content_of(place.mask_key), old_file);
  EXPECT_FALSE(std::filesystem::exists(place.next_mask_key));
  EXPECT_EQ(keys_of(shares), keys);
}

TEST_F(MaskKeysTest, AreNotOpenedWithTheFileOfBeforeTheRotation) {
  closed_with(1);
  const std::string old_file = content_of(place.mask_key);
  SqliteShareStore(place).rotate_wrapping_key();
  write(place.mask_key, old_file);
  expect_refusal();
}

TEST_F(MaskKeysTest, AnotherConnectionFollowsARotation) {
  const auto shares = closed_with(1);
  const Keys keys = keys_of(shares);
  SqliteShareStore other(place);
  SqliteShareStore(place).rotate_wrapping_key();
  EXPECT_EQ(core::to_hex(other.mask_key(shares[0])->view()), keys.at(shares[0]));
  const Share late = a_share(clinic.id);
  SqliteShareStore(place).rotate_wrapping_key();
  other.insert(late);
  EXPECT_TRUE(SqliteShareStore(place).mask_key(late.id));
}

TEST_F(MaskKeysTest, ARotationThatIsCutOffBeforeTheDatabaseKnowsLeavesNothing) {
  const auto shares = closed_with(2);
  const Keys keys = keys_of(shares);
  for (const std::string& content :
       {core::key_line(core::Secret::random(32)), std::string("half a k"), std::string()}) {
    write(place.next_mask_key, content);
    EXPECT_EQ(keys_of(shares), keys);
    EXPECT_FALSE(std::filesystem::exists(place.next_mask_key));
  }
}

TEST_F(MaskKeysTest, ARotationThatIsCutOffBeforeTheFileIsInPlaceIsFinished) {
  const auto shares = closed_with(2);
  const Keys keys = keys_of(shares);
  const std::string old_file = content_of(place.mask_key);
  SqliteShareStore(place).rotate_wrapping_key();
  const std::string new_file = content_of(place.mask_key);
  std::filesystem::rename(place.mask_key, place.next_mask_key);
  for (const std::string& left : {old_file, std::string(old_file.size(), '\0')}) {
    write(place.mask_key, left);
    EXPECT_EQ(keys_of(shares), keys);
    EXPECT_EQ(content_of(place.mask_key), new_file);
    EXPECT_FALSE(std::filesystem::exists(place.next_mask_key));
    std::filesystem::rename(place.mask_key, place.next_mask_key);
  }
}

TEST_F(MaskKeysTest, ARotationThatFailsChangesNothingAndCanBeRepeated) {
  const auto shares = closed_with(2);
  const Keys keys = keys_of(shares);
  const std::string old_file = content_of(place.mask_key);
  {
    SqliteShareStore store(place);
    std::filesystem::create_directories(place.next_mask_key / "in the way");
    EXPECT_THROW(store.rotate_wrapping_key(), MaskKeyError);
    EXPECT_EQ(content_of(place.mask_key), old_file);
    store.insert(a_share(clinic.id));
    std::filesystem::remove_all(place.next_mask_key);
    EXPECT_EQ(store.rotate_wrapping_key(), 3U);
  }
  EXPECT_EQ(keys_of(shares), keys);
}

TEST_F(MaskKeysTest, ARotationWithADamagedKeyChangesNothing) {
  const auto shares = closed_with(2);
  const Keys keys = keys_of(shares);
  core::db::open(place.database)
      .exec(
          "DROP TRIGGER share_key_is_never_edited;"
          "UPDATE share_key SET wrapped = zeroblob(60) WHERE seq = 2");
  const std::string old_file = content_of(place.mask_key);
  EXPECT_THROW(SqliteShareStore(place).rotate_wrapping_key(), MaskKeyError);
  EXPECT_EQ(content_of(place.mask_key), old_file);
  EXPECT_EQ(core::to_hex(SqliteShareStore(place).mask_key(shares[0])->view()), keys.at(shares[0]));
}

// --- destruction
// ----------------------------------------------------------------------------------

TEST_F(MaskKeysTest, OfAShareThatIsInUseStays) {
  const auto shares = closed_with(1);
  SqliteShareStore store(place);
  EXPECT_FALSE(store.destroy_mask_key(shares[0], now));
  EXPECT_FALSE(store.destroy_mask_key(shares[0], at("2026-01-20T00:00:00Z"))) << "pending";
  EXPECT_FALSE(store.destroy_mask_key(ShareId::random(), now));
  EXPECT_TRUE(store.mask_key(shares[0]));
  EXPECT_FALSE(store.find(shares[0])->key_destroyed_at);
}

TEST_F(MaskKeysTest, OfARevokedShareIsDestroyedOnce) {
  const auto shares = closed_with(2);
  SqliteShareStore store(place);
  store.revoke(shares[0], "", now);
  ASSERT_FALSE(store.find(shares[0])->key_destroyed_at);
  EXPECT_TRUE(store.destroy_mask_key(shares[0], now));
  EXPECT_FALSE(store.destroy_mask_key(shares[0], now + std::chrono::hours(1)));
  EXPECT_EQ(store.find(shares[0])->key_destroyed_at, now);
  EXPECT_FALSE(store.mask_key(shares[0]));
  EXPECT_TRUE(store.mask_key(shares[1]));
  EXPECT_EQ(store.rotate_wrapping_key(), 1U);
}

TEST_F(MaskKeysTest, AShareWithoutItsKeyStaysOverWhateverTheClockSays) {
  const auto shares = closed_with(1);
  SqliteShareStore store(place);
  const core::Time expiry = at("2026-03-01T00:00:00Z");
  ASSERT_TRUE(store.is_live(shares[0], now));
  ASSERT_TRUE(store.destroy_mask_key(shares[0], expiry));
  EXPECT_FALSE(store.is_live(shares[0], now));
  EXPECT_TRUE(store.live_for(clinic.id, now).empty());
  EXPECT_EQ(status(*store.find(shares[0]), clinic, now), ShareStatus::expired);
  EXPECT_EQ(store.list({.status = ShareStatus::expired}, now).size(), 1U);
  EXPECT_TRUE(store.list({.status = ShareStatus::live}, now).empty());
  EXPECT_TRUE(store.list({.status = ShareStatus::pending}, at("2026-01-20T00:00:00Z")).empty());
}

/// With so many rows that SQLite has split pages, which leaves copies of what was moved.
TEST_F(MaskKeysTest, ThatAreDestroyedAreInNoFileAnyMore) {
  const auto shares = closed_with(300);
  SqliteShareStore store(place);
  for (const std::size_t index : {150U, 0U, 299U, 77U}) {
    const core::Bytes box = box_of(shares[index]);
    ASSERT_TRUE(is_on_disk(box));
    store.revoke(shares[index], "", now);
    ASSERT_TRUE(store.destroy_mask_key(shares[index], now));
    EXPECT_FALSE(is_on_disk(box)) << index;
  }
  EXPECT_TRUE(store.mask_key(shares[151]));
}

TEST_F(MaskKeysTest, TheFileItselfRefusesWhatMustNotHappenToKeys) {
  const auto shares = closed_with(2);
  SqliteShareStore store(place);
  store.revoke(shares[0], "", now);
  store.destroy_mask_key(shares[0], now);
  auto database = core::db::open(place.database);
  for (const char* sql : {
           "UPDATE share SET key_destroyed_at = NULL WHERE key_destroyed_at IS NOT NULL",
           "UPDATE share SET key_destroyed_at = not_before WHERE key_destroyed_at IS NULL",
           "UPDATE share_key SET share = 'x'",
           "DELETE FROM wrapping_key",
           "INSERT INTO wrapping_key SELECT 2, id FROM wrapping_key",
           "INSERT INTO share_key SELECT 9, 'no share', id, wrapping, wrapped FROM share_key",
           R"(INSERT INTO share_key
              SELECT 9, (SELECT id FROM share WHERE key_destroyed_at > 0), id, wrapping, wrapped
              FROM share_key)",
       }) {
    EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }
  database.exec("UPDATE wrapping_key SET id = zeroblob(16)");
  EXPECT_THROW(store.insert(a_share(clinic.id)), MaskKeyError);
}

// --- the version before
// ---------------------------------------------------------------------------

class FromVersion2 : public MaskKeysTest {
 protected:
  /// sharing.db as it was, with shares that have keys in clear, every third of them revoked.
  Keys make(int count) const {
    auto database = core::db::open(place.database);
    database.exec(kBegin + std::string(tests::kSharingVersion2));
    database.exec("INSERT INTO recipient VALUES (1, '" + clinic.id.text() +
                  "', 'Minato Clinic', '', '', '', 0, NULL)");
    Keys keys;
    for (int i = 0; i < count; ++i) insert(database, i, keys);
    database.exec("COMMIT");
    return keys;
  }
  static std::vector<ShareId> ids_of(const Keys& keys) {
    std::vector<ShareId> ids;
    for (const auto& [share, key] : keys) ids.push_back(share);
    return ids;
  }

 private:
  static constexpr const char* kBegin = "BEGIN;";
  void insert(core::db::Database& database, int index, Keys& keys) const {
    const ShareId id = ShareId::random();
    const core::Secret key = core::Secret::random(32);
    const std::string revoked_at = index % 3 == 0 ? "7" : "NULL";
    database.exec("INSERT INTO share_object VALUES ('" + id.text() +
                  "', 0, 'P1', '1.2.3', '', '');" + "INSERT INTO share VALUES (NULL, '" +
                  id.text() + "', '" + clinic.id.text() +
                  "', 1, 'none', '{\"Name\":\"none\"}', x'" + core::to_hex(key.view()) +
                  "', 1, 1, 0, 0, 'password', 0, 4102444800000000, NULL, 'referral', 'reading',"
                  " randomblob(32), 0, 'tanaka', " +
                  revoked_at + ", '')");
    keys[id] = core::to_hex(key.view());
  }
};

TEST_F(FromVersion2, KeysAreWrappedAndVanishFromTheFile) {
  const Keys keys = make(200);
  const auto first = *core::from_hex(keys.begin()->second);
  ASSERT_TRUE(is_on_disk(first)) << "the search finds nothing at all";
  const SqliteRecipientStore recipients(place);  // as the plugin does, the recipients first
  EXPECT_EQ(keys_of(ids_of(keys)), keys);
  for (const auto& [share, key] : keys) EXPECT_FALSE(is_on_disk(*core::from_hex(key)));
  EXPECT_TRUE(recipients.find(clinic.id));
}

TEST_F(FromVersion2, SharesAreWhatTheyWere) {
  const Keys keys = make(3);
  SqliteShareStore store(place);
  int revoked = 0;
  for (const auto& [id, key] : keys) {
    const auto share = store.find(id);
    ASSERT_TRUE(share);
    EXPECT_EQ(share->recipient, clinic.id);
    EXPECT_EQ(share->scope, Scope(StudyScope{{tests::study_key("P1", "1.2.3")}}));
    EXPECT_EQ(share->purpose, "referral");
    EXPECT_EQ(share->intended_use, IntendedUse::reading);
    EXPECT_EQ(share->permissions, (Permissions{.view = true, .download = true}));
    EXPECT_FALSE(share->key_destroyed_at);
    revoked += share->revoked_at ? 1 : 0;
    EXPECT_EQ(store.revoke(id, "", now), !share->revoked_at);
    EXPECT_TRUE(store.destroy_mask_key(id, now));
  }
  EXPECT_EQ(revoked, 1);
  EXPECT_THROW(core::db::open(place.database).exec("UPDATE share SET revoked_at = 8"),
               core::db::Error);
}

TEST_F(FromVersion2, ApprovalsHoldAndCanBeWithdrawn) {
  const ShareId share = make(1).begin()->first;
  core::db::open(place.database)
      .exec("INSERT INTO series_approval VALUES ('" + share.text() +
            "', 'P1', '1.2.3', '1.2.3.1', 'tanaka', 0)");
  SqliteShareStore store(place);
  const auto series = tests::series_key("P1", "1.2.3", "1.2.3.1");
  EXPECT_EQ(store.find(share)->approved_series, std::vector{series});
  EXPECT_TRUE(store.withdraw_approval(share, series, "suzuki", now));
}

TEST_F(FromVersion2, WhatCameBackStaysItsReaders) {
  const ShareId share = make(1).begin()->first;
  core::db::open(place.database)
      .exec("INSERT INTO returned_object VALUES ('" + share.text() + "', '1.9.1', '1.9.1.1', 0)");
  const auto returned = SqliteShareStore(place).returned(share);
  ASSERT_EQ(returned.size(), 1U);
  EXPECT_EQ(returned[0].archived_instance.text(), "1.9.1.1");
  EXPECT_EQ(returned[0].stage, ReturnedObject::Stage::stored);
}

TEST_F(FromVersion2, AKeyThatAStartBeforeHasLeftIsTaken) {
  const Keys keys = make(2);
  const std::string left = core::key_line(core::Secret::random(32));
  write(place.mask_key, left);
  write(place.next_mask_key, "half a k");
  EXPECT_EQ(keys_of(ids_of(keys)), keys);
  EXPECT_EQ(content_of(place.mask_key), left);
}

TEST_F(FromVersion2, AKeyThatCannotBeUsedStopsTheUpgrade) {
  const Keys keys = make(2);
  write(place.mask_key, "nonsense\n");
  expect_refusal();
  std::filesystem::remove(place.mask_key);
  EXPECT_EQ(keys_of(ids_of(keys)), keys) << "nothing was changed";
}

TEST_F(FromVersion2, WhoeverIsCutOffBeforeTheSweepSweepsAtTheNextStart) {
  const Keys keys = make(50);
  const auto key = *core::from_hex(keys.begin()->second);
  keys_of(ids_of(keys));
  for (const char* back : {tests::kBackToVersion14, tests::kBackToVersion10}) {
    core::db::open(place.database).exec(back);
  }
  core::db::open(place.database)
      .exec(
          "PRAGMA secure_delete = OFF; CREATE TABLE junk (bytes BLOB); INSERT INTO junk VALUES "
          "(x'" +
          core::to_hex(key) +
          "'); DROP TABLE junk; DROP TABLE creation_key;"
          "DROP TRIGGER share_key_is_destroyed_once;"
          "DROP TABLE share_extension; DROP VIEW present_share;"
          "DROP TABLE series_decision; DROP VIEW approved_series;"
          "DROP INDEX share_object_of_study;"
          "CREATE TABLE series_approval (share, patient_id, study, series, approved_by, "
          "approved_at);"
          "CREATE TRIGGER share_key_is_destroyed_once BEFORE DELETE ON share BEGIN SELECT 1; END;"
          "DROP TRIGGER share_expires_once; DROP INDEX share_to_expire;"
          "DROP INDEX returned_object_in_archive;"
          "DROP TRIGGER returned_object_is_stored_once; DROP TRIGGER returned_object_stays;"
          "ALTER TABLE returned_object DROP COLUMN stored_at;"
          "ALTER TABLE returned_object DROP COLUMN archived_series;"
          "ALTER TABLE returned_object DROP COLUMN archived_instance;"
          "ALTER TABLE share DROP COLUMN expiry_log_size;"
          "ALTER TABLE share DROP COLUMN expiry_recorded_at; PRAGMA user_version = 3");
  ASSERT_TRUE(is_on_disk(key));
  EXPECT_EQ(keys_of(ids_of(keys)), keys);
  EXPECT_FALSE(is_on_disk(key));
}

}  // namespace
}  // namespace sekisho::sharing
