// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/anchor.h"

#include <gtest/gtest.h>

#include "audit/initialise.h"
#include "audit/store/log_reader.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_time;
using test::a_transfer;

/// A log with an anchor in another directory.
class AnchorTest : public testing::Test {
 protected:
  AnchorTest() : place_(AuditPlace::in(data_.path())) {
    place_.anchor = AuditPlace::anchor_in(elsewhere_.path());
    initialise(place_, test::kOrigin, a_time, tests::uptime_of(a_time));
  }

  std::unique_ptr<AuditLog> open() const {
    return std::make_unique<AuditLog>(place_, a_time, test::no_report(), tests::uptime_of(a_time));
  }
  std::vector<std::string> events() const {
    LogReader reader(place_.database);
    std::vector<std::string> all;
    for (const ReadEntry& each : reader.entries(0, 100, 100)) all.push_back(each.entry.event);
    return all;
  }
  void append(int count) const {
    const auto log = open();
    for (int i = 0; i < count; ++i) log->append_later(a_transfer());
    log->flush();
  }
  std::uint64_t anchored() const {
    const auto text = test::read_file(*place_.anchor);
    return Checkpoint::parse(signed_text(text)).value().size;
  }
  void copy(const std::filesystem::path& from, const std::filesystem::path& to) const {
    std::filesystem::copy(from, to,
                          std::filesystem::copy_options::overwrite_existing |
                              std::filesystem::copy_options::recursive);
  }
  void expect_refused(const std::string& why) const {
    try {
      open();
      ADD_FAILURE() << "opened";
    } catch (const AuditError& error) {
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    }
  }

  test::Directory data_;
  test::Directory elsewhere_;
  test::Directory backup_;
  AuditPlace place_;
};

TEST_F(AnchorTest, HasTheNewestHeadWhenTheLogIsClosed) {
  EXPECT_EQ(anchored(), 1U);
  append(3);
  EXPECT_EQ(anchored(), 4U);
  append(600);
  EXPECT_EQ(anchored(), 604U);
}

TEST_F(AnchorTest, IsNoOlderThanWhatWasPublished) {
  const auto log = open();
  const Receipt receipt = log->append(a_transfer());
  const auto proof = log->proof(receipt.seq());
  ASSERT_TRUE(proof);
  EXPECT_GE(anchored(), receipt.seq() + 1);
}

TEST_F(AnchorTest, IsRaisedToAHeadThatAReaderIsAboutToSend) {
  const auto log = open();
  const Receipt receipt = log->append(a_transfer());
  log->anchor(LogReader(place_.database).head().checkpoint);
  EXPECT_GE(anchored(), receipt.seq() + 1);
}

TEST_F(AnchorTest, FindsOutYesterdaysBackup) {
  append(5);
  copy(data_.path(), backup_.path());
  append(5);
  copy(backup_.path(), data_.path());
  expect_refused("older than its anchor");
}

TEST_F(AnchorTest, FindsOutThatTheNewestEntriesWereCut) {
  append(5);
  copy(data_.path(), backup_.path());
  append(1);
  copy(backup_.path(), data_.path());
  place_.anchor.reset();
  append(300);  // somebody goes on from there, longer than before
  place_.anchor = AuditPlace::anchor_in(elsewhere_.path());
  expect_refused("another past");
}

TEST_F(AnchorTest, ThatIsGoneKeepsTheLogShut) {
  std::filesystem::remove(*place_.anchor);
  expect_refused("missing");
}

TEST_F(AnchorTest, OfAnotherLogOrOfNobodyIsRefused) {
  test::ALog other;
  const auto log = other.open();
  log->append(a_transfer());
  const std::string own = test::read_file(*place_.anchor);
  for (const std::string& content :
       {log->head().checkpoint, std::string(), own.substr(0, own.size() - 3), own + own}) {
    std::ofstream(*place_.anchor, std::ios::trunc) << content;
    expect_refused("not of this audit log");
  }
  std::ofstream(*place_.anchor, std::ios::trunc) << own;
  EXPECT_NO_THROW(open());
}

TEST_F(AnchorTest, FindsOutAPastThatWasRewrittenWithTheStolenKey) {
  append(5);
  {
    test::Superuser superuser(place_.database);
    superuser.database().exec(
        "UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 2");
    test::sign_anew(superuser.database(), read_signing_key(place_.signing_key));
  }
  EXPECT_TRUE(verify(place_.database, test::first_line(place_.verifier_key)).sound());
  expect_refused("another past");
}

TEST_F(AnchorTest, ThatOnlyAnotherSignedIsRefused) {
  const std::string own = test::read_file(*place_.anchor);
  const NoteSigner other("witness.test.example", core::Bytes(32, core::Byte{7}));
  std::ofstream(*place_.anchor, std::ios::trunc) << other.sign(signed_text(own));
  expect_refused("not of this audit log");
}

TEST_F(AnchorTest, OutlivesTheDataDirectory) {
  append(5);
  std::filesystem::remove_all(data_.path());
  std::filesystem::create_directory(data_.path());
  EXPECT_THROW(initialise(place_, test::kOrigin, a_time, tests::uptime_of(a_time)), AuditError);
  EXPECT_TRUE(std::filesystem::is_empty(data_.path())) << "no new log hides that one was lost";
}

TEST_F(AnchorTest, ThatCannotBeWrittenBreaksTheLog) {
  std::filesystem::create_directory(place_.anchor->string() + ".new");
  const auto log = open();
  EXPECT_THROW(log->proof(log->append(a_transfer()).seq()), AuditError);
  EXPECT_THROW(log->append(a_transfer()), AuditError);
}

TEST_F(AnchorTest, TroubleIsTheLastEntryAndItsEndTheNextOne) {
  const auto obstacle = place_.anchor->string() + ".new";
  std::filesystem::create_directory(obstacle);
  {
    const auto log = open();
    EXPECT_THROW(log->proof(log->append(a_transfer()).seq()), AuditError);
  }
  EXPECT_EQ(events(), (std::vector<std::string>{"log.open", "transfer.begin", "anchor.trouble"}));
  {
    const auto still_broken = open();
    EXPECT_THROW(still_broken->append(a_transfer()), AuditError);
  }
  EXPECT_EQ(events().size(), 3U) << "told once";
  std::filesystem::remove(obstacle);
  open()->append(a_transfer());
  EXPECT_EQ(events(), (std::vector<std::string>{"log.open", "transfer.begin", "anchor.trouble",
                                                "anchor.restored", "transfer.begin"}));
  EXPECT_TRUE(verify(place_.database, test::first_line(place_.verifier_key)).sound());
}

}  // namespace
}  // namespace sekisho::audit
