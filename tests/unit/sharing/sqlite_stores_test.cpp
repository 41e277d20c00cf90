// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/database.h"
#include "sharing/sqlite/schema.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/recipient_store_contract.h"
#include "support/share_store_contract.h"
#include "support/sharing_house.h"
#include "support/temporary_directory.h"
#include "unit/sharing/older_versions.h"

namespace sekisho::sharing {
namespace {

class SqliteHouse : public tests::SharingHouse {
 public:
  std::unique_ptr<RecipientStore> open_recipients() override {
    return std::make_unique<SqliteRecipientStore>(place_);
  }
  std::unique_ptr<ShareStore> open_shares() override {
    return std::make_unique<SqliteShareStore>(place_);
  }

 private:
  tests::TemporaryDirectory directory_;
  SharingPlace place_ = SharingPlace::in(directory_.path());
};

const auto kSqlite = testing::Values([] { return std::make_unique<SqliteHouse>(); });

INSTANTIATE_TEST_SUITE_P(Sqlite, RecipientStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, ShareStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, ShareExtensionContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, SeriesApprovalContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, MaskKeyContract, kSqlite);

/// What holds of sharing.db beyond the contracts.
class SharingFile : public testing::Test {
 protected:
  SharingFile() {
    recipients.insert(clinic);
    recipients.insert(tests::a_recipient("Remote reader"));
    shares.insert(share);
  }
  /// The file itself refuses it, whoever writes.
  void refuses(std::initializer_list<const char*> statements) const {
    auto database = core::db::open(place.database);
    for (const char* sql : statements) EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }

  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  SqliteRecipientStore recipients{place};
  SqliteShareStore shares{place};
  const Recipient clinic = tests::a_recipient();
  const Share share = tests::a_share(clinic.id);
  const core::Time now = at("2026-02-10T00:00:00Z");
  const core::Time later = at("2026-04-01T00:00:00Z");
};

TEST_F(SharingFile, RefusesToEditOrForgetAShare) {
  refuses({"UPDATE share SET expires_at = expires_at + 1",
           "UPDATE share SET recipient = (SELECT id FROM recipient ORDER BY seq DESC)",
           "UPDATE share SET may_return = 1", "DELETE FROM share",
           "UPDATE share SET profile = profile + 1", "UPDATE profile SET json = 'x'",
           "DELETE FROM profile", "UPDATE share_object SET patient_id = 'P2'",
           "DELETE FROM share_object",
           R"(INSERT INTO share_object
              SELECT share, 9, 'P2', study, series, instance FROM share_object)"});
  shares.revoke(share.id, "", now);
  refuses({"UPDATE share SET revoked_at = NULL"});
}

TEST_F(SharingFile, RefusesEveryApprovalButTheOneOfSomebodyElse) {
  Share awaiting = tests::a_share(clinic.id);
  awaiting.needs_approval = true;
  shares.insert(awaiting);
  refuses({"UPDATE share SET needs_approval = 0", "UPDATE share SET person = 'x'",
           "UPDATE share SET approved_at = 1, approved_by = created_by",
           "UPDATE share SET approved_at = 1, approved_by = ''",
           "UPDATE share SET approved_at = 1, approved_by = 'suzuki' WHERE needs_approval = 0"});
  ASSERT_TRUE(shares.approve(awaiting.id, Approval{now, "suzuki"}));
  refuses({"UPDATE share SET approved_at = NULL", "UPDATE share SET approved_by = 'sato'"});
}

TEST_F(SharingFile, RefusesToEditAnExtensionOrToWakeTheDead) {
  ASSERT_TRUE(shares.extend(share.id, {later, now, "tanaka", "the reader is ill"}));
  refuses({"UPDATE share_extension SET expires_at = expires_at + 1", "DELETE FROM share_extension",
           "INSERT INTO share_extension SELECT share, expires_at - 1, extended_at, '', ''"
           " FROM share_extension",
           "INSERT INTO share_extension SELECT share, expires_at + 1, expires_at, '', ''"
           " FROM share_extension",
           "UPDATE share SET key_destroyed_at = expires_at"});
}

TEST_F(SharingFile, RefusesToEditOrRemoveAnApproval) {
  shares.approve(share.id, series_key("P1", "1.2.3", "1.2.3.1"), "tanaka", now);
  refuses({"UPDATE series_decision SET decided_by = 'suzuki'", "DELETE FROM series_decision",
           "INSERT INTO series_decision SELECT 9, share, patient_id, study, series, 'perhaps',"
           " decided_by, decided_at FROM series_decision"});
}

TEST_F(SharingFile, RefusesToTakeBackWhatCameBack) {
  const auto uid = [](std::string_view text) { return *core::Uid::parse(text); };
  const ReturnedObject report{uid("1.9.1"), uid("1.9.1.1"), uid("1.9.2"), uid("1.9.2.1")};
  shares.add_returned(share.id, report, now);
  shares.confirm_returned(share.id, report.instance, now);
  refuses({"UPDATE returned_object SET stored_at = NULL",
           "UPDATE returned_object SET archived_instance = '1.2'"});
}

TEST_F(SharingFile, HoldsNoTextOfAToken) {
  const auto made = recipients.add_token(clinic.id, "the-name-of-it", later, now);
  std::string everything;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    std::ifstream stream(entry.path(), std::ios::binary);
    everything.append(std::istreambuf_iterator<char>(stream), {});
  }
  EXPECT_NE(everything.find("the-name-of-it"), std::string::npos);
  EXPECT_EQ(everything.find(made->text.substr(4)), std::string::npos);
}

TEST_F(SharingFile, RefusesToMakeATokenWiderThanItWas) {
  Token narrow{TokenId::random(), clinic.id, "viewer", now, later};
  narrow.scope = {Permissions{.view = true}, std::vector{share.id}};
  recipients.add_token(narrow, std::nullopt);
  refuses({"UPDATE token SET may_download = 1", "UPDATE token SET shares = NULL",
           "UPDATE token SET expires_at = expires_at + 1",
           "INSERT INTO token (id, recipient, name, hash, created_at, expires_at, may_return)"
           " SELECT 'x', recipient, name, zeroblob (32), created_at, expires_at, 2 FROM token"});
}

TEST_F(SharingFile, RefusesToReadATokenForWhatIsNoShare) {
  core::db::open(place.database).exec("DROP TRIGGER token_is_never_edited");
  const auto token = recipients.add_token(clinic.id, "viewer", later, now);
  core::db::open(place.database).exec("UPDATE token SET shares = 'all'");
  EXPECT_THROW(static_cast<void>(recipients.find_token(token->text)), core::db::Error);
}

TEST_F(SharingFile, IsForItsOwnerOnly) {
  struct stat facts{};
  ASSERT_EQ(::stat(place.database.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(SharingFile, IsAskedEachTime) {
  EXPECT_EQ(shares.staleness().count(), 0);
  EXPECT_EQ(recipients.staleness().count(), 0);
}

TEST(SharingFileOpening, TwoStoresMayMakeTheFileAtOnce) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  std::thread other([&] { const SqliteRecipientStore recipients(place); });
  {
    const SqliteShareStore shares(place);
  }
  other.join();
  EXPECT_TRUE(SqliteRecipientStore(place).list({}).empty());
}

TEST(SharingFileOpening, PutsRecipientsOfAnOlderFileIntoTheDirectory) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  const Recipient clinic = tests::a_recipient("川村クリニック");
  SqliteRecipientStore(place).insert(clinic);
  for (const char* back : {tests::kBackToVersion14, tests::kBackToVersion10}) {
    core::db::open(place.database).exec(back);
  }
  SqliteRecipientStore store(place);
  ASSERT_EQ(store.list({.search = "カワムラ"}).size(), 0U) << "nobody has said how it is read";
  ASSERT_EQ(store.list({.search = "川村"}).size(), 1U);
  EXPECT_EQ(store.find(clinic.id)->telephone, "");
  EXPECT_EQ(store.look_alikes(tests::a_recipient("川村医院")).size(), 1U);
}

TEST(SharingFileOpening, TokensOfAnOlderFileMayDoEverythingStill) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  const Recipient clinic = tests::a_recipient();
  std::string text;
  {
    SqliteRecipientStore store(place);
    store.insert(clinic);
    text =
        store.add_token(clinic.id, "viewer", at("2026-04-01T00:00:00Z"), clinic.created_at)->text;
  }
  core::db::open(place.database).exec(tests::kBackToVersion14);
  EXPECT_EQ(SqliteRecipientStore(place).find_token(text)->scope, TokenScope());
}

TEST(SharingFileOpening, SharesOfAnOlderFileKeepTheirProfiles) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  const Recipient clinic = tests::a_recipient();
  SqliteRecipientStore(place).insert(clinic);
  std::vector<Share> made;
  for (const char* profile : {"{\"a\":1}", "{\"b\":2}", "{\"a\":1}"}) {
    made.push_back(tests::a_share(clinic.id));
    made.back().profile_json = profile;
    SqliteShareStore(place).insert(made.back());
  }
  core::db::open(place.database).exec(tests::kBackToVersion14);
  const SqliteShareStore store(place);
  for (const Share& share : made) EXPECT_EQ(store.find(share.id)->profile_json, share.profile_json);
  EXPECT_EQ(core::db::open(place.database).execAndGet("SELECT count (*) FROM profile").getInt(), 2);
}

TEST(SharingFileOpening, RefusesAFileOfANewerProgram) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  core::db::open(place.database).exec("PRAGMA user_version = 99");
  EXPECT_THROW(SqliteRecipientStore{place}, core::db::Error);
}

TEST(SharingFileOpening, LeavesAFileAloneThatItCannotMakeItsOwn) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  auto database = core::db::open(place.database);
  database.exec("CREATE TABLE share (something TEXT)");
  EXPECT_THROW(open_database(place), core::db::Error);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 0);
  EXPECT_FALSE(database.tableExists("recipient"));
}

TEST(SharingFileOpening, RefusesWhatIsNoDatabase) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  std::ofstream(place.database) << std::string(4096, 'x');
  EXPECT_THROW(SqliteRecipientStore{place}, core::db::Error);
}

}  // namespace
}  // namespace sekisho::sharing
