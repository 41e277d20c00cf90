// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/backup/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "audit/backup/manifest.h"
#include "audit/backup/restore.h"
#include "audit/store/anchor.h"
#include "audit/store/published_log.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

/// A data directory as the service has it, a place for copies and one to restore to.
class BackupTest : public testing::Test {
 protected:
  BackupTest() {
    core::db::open(data() / "sharing.db")
        .exec("CREATE TABLE share (id); INSERT INTO share VALUES (7)");
    write(data() / "mask.key", std::string(64, '9') + '\n');
    core::db::open(data() / "access.db")
        .exec("CREATE TABLE person (id); INSERT INTO person VALUES (8)");
    write(data() / "access.key", std::string(64, '7') + '\n');
    core::db::open(data() / "returns.db")
        .exec("CREATE TABLE upload (id); INSERT INTO upload VALUES (9)");
    write(data() / "returns.key", std::string(64, '5') + '\n');
    fs::create_directory(empty());
  }

  fs::path data() const { return log_.place().database.parent_path(); }
  fs::path copy() const { return there_.path() / "copy"; }
  fs::path empty() const { return there_.path() / "data"; }
  fs::path anchor() const { return there_.path(); }

  void append(int count) const {
    const auto log = log_.open();
    for (int i = 0; i < count; ++i) log->append(test::a_transfer());
  }
  void make_anchor() const {
    Anchor::create(AuditPlace::anchor_in(anchor()),
                   PublishedLog(log_.place().database).checkpoint());
  }
  Restored restore_copy(Loss loss = Loss::refused) const {
    return restore(copy(), empty(), anchor(), loss);
  }
  void expect_refused(const std::string& why) const {
    try {
      restore(copy(), empty(), std::nullopt, Loss::refused);
      FAIL() << "restored";
    } catch (const AuditError& error) {
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    }
    EXPECT_TRUE(fs::is_empty(empty()));
  }

  test::ALog log_;
  test::Directory there_;
};

TEST_F(BackupTest, ComesBackAsItWas) {
  append(300);
  make_anchor();
  write(data() / "audit.witnessed", "a cosigned checkpoint");
  fs::create_directory(data() / "before-01020304");
  write(data() / "before-01020304" / "audit.db", "evidence");
  write(data() / "notes.txt", "of an administrator");
  write(data() / "cache.db", "what can be worked out again");
  write(data() / "audit.reserve", "room");
  const Backup made = back_up(data(), copy());
  EXPECT_EQ(made.entries, 301U);
  EXPECT_EQ(made.left_out, std::vector<std::string>{"notes.txt"});
  EXPECT_FALSE(fs::exists(copy() / "audit.anchor"));
  EXPECT_FALSE(fs::exists(copy() / "cache.db"));

  const Restored restored = restore_copy();
  EXPECT_EQ(restored.entries, 301U);
  EXPECT_EQ(restored.missing, 0U);
  for (const char* name :
       {"mask.key", "access.key", "returns.key", "audit.key", "audit.pub", "audit-index.key",
        "audit-wrap.key", "audit.witnessed", "before-01020304/audit.db"}) {
    EXPECT_EQ(test::read_file(empty() / name), test::read_file(data() / name)) << name;
  }
  EXPECT_FALSE(fs::exists(empty() / "checkpoint"));
  EXPECT_FALSE(fs::exists(empty() / "audit.reserve"));
  EXPECT_FALSE(fs::exists(empty() / "manifest"));
  EXPECT_FALSE(fs::exists(empty() / "restore.part"));
  EXPECT_EQ(
      core::db::open_read_only(empty() / "sharing.db").execAndGet("SELECT id FROM share").getInt(),
      7);
  EXPECT_EQ(
      core::db::open_read_only(empty() / "access.db").execAndGet("SELECT id FROM person").getInt(),
      8);
  EXPECT_EQ(
      core::db::open_read_only(empty() / "returns.db").execAndGet("SELECT id FROM upload").getInt(),
      9);
  AuditLog goes_on(AuditPlace::in(empty()), test::a_time, test::no_report(),
                   tests::uptime_of(test::a_time));
  EXPECT_EQ(goes_on.append(test::a_transfer()).seq(), 301U);
}

TEST_F(BackupTest, IsForItsOwnerAlone) {
  back_up(data(), copy());
  const auto mode = [](const fs::path& file) {
    struct stat status{};
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return status.st_mode & 0777U;
  };
  EXPECT_EQ(mode(copy()), 0700U);
  for (const fs::directory_entry& file : fs::directory_iterator(copy())) {
    EXPECT_EQ(mode(file.path()), 0600U) << file.path();
  }
}

TEST_F(BackupTest, EndsWhileTheLogGrows) {
  append(2000);
  const auto log = log_.open();
  std::atomic<bool> is_done = false;
  std::jthread writer([&] {
    while (!is_done) log->append(test::a_transfer());
  });
  const std::uint64_t before = log->head().size;
  const Backup made = back_up(data(), copy());
  is_done = true;
  EXPECT_GE(made.entries, before);
  EXPECT_EQ(verify(copy() / "audit.db", log_.key()).entries, made.entries);
}

TEST_F(BackupTest, HasTheKeysOfItsOwnDatabase) {
  int looks = 0;
  core::db::Database service = core::db::open(data() / "sharing.db");
  service.exec(
      "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
      " WHERE i < 50000) SELECT i FROM n");
  back_up(data(), copy(), [&](std::string_view part, std::uint64_t, std::uint64_t) {
    // Somebody rotates mask.key while its database is copied for the first time.
    if (part == "copy of sharing.db" && ++looks == 1) {
      write(data() / "mask.key", std::string(64, '8') + '\n');
      service.exec("UPDATE share SET id = 8");
    }
  });
  ASSERT_GT(looks, 1);
  EXPECT_EQ(test::read_file(copy() / "mask.key"), std::string(64, '8') + '\n');
  EXPECT_EQ(
      core::db::open_read_only(copy() / "sharing.db").execAndGet("SELECT id FROM share").getInt(),
      8);
}

TEST_F(BackupTest, OfAnUnsoundLogIsNotMade) {
  append(3);
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 1");
  EXPECT_THROW(back_up(data(), copy()), AuditError);
  EXPECT_TRUE(fs::exists(empty()));
  EXPECT_EQ(std::distance(fs::directory_iterator(there_.path()), {}), 1) << "nothing is left";
}

TEST_F(BackupTest, TakesThePlaceOfNothingButAnInterruptedOne) {
  fs::create_directory(copy().string() + ".part");
  write(copy().string() + ".part/audit.db", "half");
  back_up(data(), copy());
  EXPECT_FALSE(fs::exists(copy().string() + ".part"));
  EXPECT_THROW(back_up(data(), copy()), AuditError);
}

TEST_F(BackupTest, BehindItsAnchorIsRefusedAndSaysByHowMuch) {
  append(5);
  back_up(data(), copy());
  append(2);
  make_anchor();
  try {
    restore_copy();
    FAIL() << "restored";
  } catch (const AuditError& error) {
    EXPECT_NE(std::string(error.what()).find("lacks 2 entries"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(fs::is_empty(empty()));
  EXPECT_EQ(restore_copy(Loss::accepted).missing, 2U);
  AuditPlace place = AuditPlace::in(empty());
  place.anchor = AuditPlace::anchor_in(anchor());
  EXPECT_THROW(AuditLog(place, test::a_time, test::no_report()), AuditError) << "the door is shut";
}

TEST_F(BackupTest, ThatIsNotWhatItsManifestSaysIsRefused) {
  back_up(data(), copy());
  const std::string key = test::read_file(copy() / "mask.key");
  write(copy() / "mask.key", std::string(64, '7') + '\n');
  expect_refused("mask.key is not what the manifest of the copy says");
  fs::remove(copy() / "mask.key");
  EXPECT_THROW(restore(copy(), empty(), std::nullopt, Loss::refused), std::system_error);
  write(copy() / "mask.key", key);
  const std::string manifest = test::read_file(copy() / "manifest");
  write(copy() / "manifest", manifest.substr(0, manifest.size() / 2));
  expect_refused("manifest");
  fs::remove(copy() / "manifest");
  expect_refused("no manifest");
}

TEST_F(BackupTest, IsRestoredIntoAnEmptyDirectoryAlone) {
  back_up(data(), copy());
  write(empty() / "sharing.db", "");
  EXPECT_THROW(restore_copy(), AuditError);
  EXPECT_EQ(std::distance(fs::directory_iterator(empty()), {}), 1);
  EXPECT_THROW(restore(copy(), there_.path() / "nowhere", std::nullopt, Loss::refused), AuditError);
}

TEST(Manifest, IsReadAsItWasWritten) {
  const Manifest manifest{
      test::a_time(), test::kOrigin, 5, {{"audit.db", {}}, {"before-1/audit.db", {}}}};
  const auto again = Manifest::parse(manifest.text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), manifest.text());
}

TEST(Manifest, NamesNothingOutsideOfTheCopy) {
  for (const char* name : {"/etc/passwd", "../audit.db", "a/../../b", ".", "", "a//b/."}) {
    const Manifest manifest{test::a_time(), test::kOrigin, 5, {{name, {}}}};
    EXPECT_FALSE(Manifest::parse(manifest.text())) << name;
  }
}

}  // namespace
}  // namespace sekisho::audit
