// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/monitor.h"

#include <gtest/gtest.h>

#include <sstream>

#include "audit/command/command.h"
#include "audit/keys/rotate_key.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;

class MonitorTest : public ::testing::Test {
 protected:
  void append(int count) const {
    const auto log = log_.open();
    for (int i = 0; i < count; ++i) log->append_later(a_transfer());
    log->flush();
  }
  ExitCode run(const std::string& key = "") {
    out_.str("");
    const std::string data = log_.place().database.parent_path().string();
    const std::string state = (directory_.path() / "last").string();
    std::vector<std::string_view> arguments = {"monitor", "--data", data, "--state", state};
    if (!key.empty()) arguments.insert(arguments.end(), {"--key", key});
    std::ostringstream err;
    const ExitCode code = run_command(arguments, out_, err);
    out_ << err.str();
    return code;
  }
  bool says(const std::string& text) const { return out_.str().find(text) != std::string::npos; }

  ALog log_;
  test::Directory directory_;
  std::ostringstream out_;
};

TEST_F(MonitorTest, TellsWhatIsNewAndRemembersWhereItWas) {
  append(600);
  EXPECT_EQ(run(), ExitCode::good);
  EXPECT_TRUE(says("600\ttransfer.begin")) << out_.str();
  EXPECT_TRUE(says("log.open"));
  append(3);
  log_.open()->append(Event{});
  EXPECT_EQ(run(), ExitCode::good);
  EXPECT_TRUE(says("3\ttransfer.begin")) << out_.str();
  EXPECT_TRUE(says("601 to 605"));
  EXPECT_TRUE(says("\tdenial\t")) << "of refusals each is named";
  EXPECT_EQ(run(), ExitCode::good);
  EXPECT_TRUE(says("605 to 605"));
}

TEST_F(MonitorTest, RaisesTheAlarmWhereTheNewestEntriesAreCut) {
  append(600);
  test::Directory before;
  std::filesystem::copy(log_.place().database, before.path() / "audit.db");
  append(10);
  ASSERT_EQ(run(), ExitCode::good);
  std::filesystem::copy(before.path() / "audit.db", log_.place().database,
                        std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(run(), ExitCode::failed);
  EXPECT_TRUE(says("had 611 entries, and now has 601")) << out_.str();
}

TEST_F(MonitorTest, RaisesTheAlarmWhereThePastWasRewrittenWithTheStolenKey) {
  append(600);
  ASSERT_EQ(run(), ExitCode::good);
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 600");
  log_.sign_anew();
  EXPECT_EQ(run(), ExitCode::failed);
  EXPECT_TRUE(says("ALARM")) << out_.str();
}

TEST_F(MonitorTest, RaisesTheAlarmWhereANewEntryIsNotTheOneThatWasSigned) {
  append(600);
  ASSERT_EQ(run(), ExitCode::good);
  append(5);
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 603");
  EXPECT_EQ(run(), ExitCode::failed);
  EXPECT_TRUE(says("not the ones that the head signs")) << out_.str();
  EXPECT_EQ(run(), ExitCode::failed) << "and again: nothing of it is remembered";
}

TEST_F(MonitorTest, RaisesTheAlarmOfAnotherKey) {
  ALog other;
  std::filesystem::copy(other.place().database, log_.place().database,
                        std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(run(), ExitCode::failed);
  EXPECT_TRUE(says("not signed by the key")) << out_.str();
}

TEST_F(MonitorTest, IsSatisfiedWithTheKeyThatItWasGivenAfterItWasRotated) {
  const std::string first = log_.key();
  append(3);
  ASSERT_EQ(run(first), ExitCode::good) << out_.str();
  rotate_key(log_.place());
  const std::string second = log_.key();
  append(3);
  EXPECT_EQ(run(first), ExitCode::good) << out_.str();
  EXPECT_TRUE(says("\tkey.rotate\t"));
  rotate_key(log_.place());
  append(300);
  for (const std::string& key : {first, second, log_.key(), second, first}) {
    EXPECT_EQ(run(key), ExitCode::good) << out_.str();
  }
  std::filesystem::remove(directory_.path() / "last");
  EXPECT_EQ(run(first), ExitCode::good) << "at the first look: " << out_.str();
}

TEST_F(MonitorTest, TakesTheNewKeyOverALookFromBeforeTheRotation) {
  ASSERT_EQ(run(log_.key()), ExitCode::good);
  rotate_key(log_.place());
  EXPECT_EQ(run(log_.key()), ExitCode::good) << out_.str();
}

TEST_F(MonitorTest, GoesOnFromAFileOfAnEarlierVersion) {
  const std::string first = log_.key();
  append(3);
  std::ofstream(directory_.path() / "last") << log_.open()->head().checkpoint;
  append(3);
  rotate_key(log_.place());
  EXPECT_EQ(run(first), ExitCode::good) << out_.str();
  EXPECT_TRUE(says("4 to 8")) << out_.str();
}

TEST_F(MonitorTest, RaisesTheAlarmOfARotationThatTheKeyDidNotSign) {
  append(3);
  ASSERT_EQ(run(log_.key()), ExitCode::good);
  const std::string first = log_.key();
  rotate_key(log_.place());
  log_.tamper(
      "UPDATE audit_entry SET entry = replace(entry, 'signed_old\":\"', 'signed_old\":\"A')"
      " WHERE seq = 4");
  log_.sign_anew();
  EXPECT_EQ(run(first), ExitCode::failed);
  EXPECT_TRUE(says("is a rotation that the log's keys have not signed")) << out_.str();
}

TEST_F(MonitorTest, RefusesAFileThatIsNoLook) {
  std::ofstream(directory_.path() / "last") << "rubbish";
  EXPECT_EQ(run(), ExitCode::failed);
}

}  // namespace
}  // namespace sekisho::audit
