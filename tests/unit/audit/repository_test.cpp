// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <atomic>

#include "audit/export/position_file.h"
#include "audit/export/repository_feed.h"
#include "audit/export/syslog.h"
#include "unit/audit/an_event.h"

namespace sekisho::audit {
namespace {

using test::ALog;

Message a_message() {
  return make_checkpoint_message("note\n", test::a_time(), {"audit.test.example/log", ""});
}

TEST(Syslog, FramesAMessageByItsOctets) {
  const std::string frame = to_syslog_frame(a_message());
  const std::size_t space = frame.find(' ');
  EXPECT_EQ(std::stoul(frame.substr(0, space)), frame.size() - space - 1);
  EXPECT_TRUE(frame.substr(space + 1).starts_with(
      "<85>1 2026-01-31T12:00:00.000000Z audit.test.example sekisho - DICOM+RFC3881 - "
      "\xEF\xBB\xBF<AuditMessage>"))
      << frame;
}

TEST(Syslog, SaysHowBadItIs) {
  Message message = a_message();
  message.outcome = Outcome::major_failure;
  EXPECT_NE(to_syslog_frame(message).find("<82>1 "), std::string::npos);
}

TEST(Syslog, HasNoHostNameOutsideAscii) {
  Message message = a_message();
  for (const std::string& origin :
       {std::string("病院.example/log"), std::string("/log"), std::string(300, 'a')}) {
    message.source = origin;
    EXPECT_NE(to_syslog_frame(message).find("Z - sekisho"), std::string::npos) << origin;
  }
}

class Position : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "position"; }
  void write(std::string_view text) const { std::ofstream(file()) << text; }

  test::Directory directory_;
  PositionFile position_{file(), "origin"};
};

TEST_F(Position, IsKept) {
  EXPECT_EQ(position_.load(), 0U);
  position_.store(7);
  position_.store(12'345'678'901);
  EXPECT_EQ(PositionFile(file(), "origin").load(), 12'345'678'901U);
}

TEST_F(Position, OfAnotherLogIsNone) {
  PositionFile(file(), "another").store(7);
  EXPECT_EQ(position_.load(), 0U);
  PositionFile(file(), "origin/2").store(7);
  EXPECT_EQ(position_.load(), 0U);
}

TEST_F(Position, IsReadStrictly) {
  for (const char* bad :
       {"", "7", "sekisho-audit-position 1 origin", "sekisho-audit-position 1 7",
        "sekisho-audit-position 1 origin 7x", "sekisho-audit-position 1 origin -1",
        "sekisho-audit-position 2 origin 7"}) {
    write(bad);
    EXPECT_THROW(position_.load(), AuditError) << bad;
  }
}

TEST_F(Position, StaysWhereItIsWhereTheNewOneCannotBeWritten) {
  position_.store(7);
  std::filesystem::create_directory(file().string() + ".new");
  EXPECT_THROW(position_.store(8), AuditError);
  EXPECT_EQ(position_.load(), 7U);
}

const RepositoryFeed::Gate no_gate = [](const std::string&) {};

TEST(RepositoryFeed, TellsWhatIsWrongWithItsFilesAndStopsAtOnce) {
  const ALog a_log;
  RepositoryOptions options;
  options.address = {"localhost",
                     1,
                     {"/nowhere/ca.pem", "CaFile"},
                     {"/nowhere/client.pem", "CertificateFile"},
                     {"/nowhere/client.key", "KeyFile"}};
  std::atomic<int> reports = 0;
  RepositoryFeed feed(a_log.place(), test::kOrigin, options, no_gate, test::a_time,
                      [&](core::Severity severity, std::string_view text) {
                        EXPECT_EQ(severity, core::Severity::warning);
                        EXPECT_NE(text.find("/nowhere/ca.pem (CaFile)"), std::string_view::npos);
                        ++reports;
                        reports.notify_one();
                      });
  reports.wait(0);
  EXPECT_NE(feed.state().trouble.find("(CaFile)"), std::string::npos) << feed.state().trouble;
  EXPECT_EQ(feed.state().behind, 1U);
  EXPECT_EQ(feed.state().delivered, 0U);
}

TEST(RepositoryFeed, SendsNothingOfALogThatWasSetBack) {
  const ALog a_log;
  const auto file = a_log.place().database.parent_path() / "audit-repository.position";
  PositionFile(file, test::kOrigin).store(100);
  std::atomic<int> reports = 0;
  RepositoryFeed feed(a_log.place(), test::kOrigin, {}, no_gate, test::a_time,
                      [&](core::Severity, std::string_view text) {
                        EXPECT_NE(text.find("set back"), std::string_view::npos) << text;
                        ++reports;
                        reports.notify_one();
                      });
  reports.wait(0);
  EXPECT_EQ(PositionFile(file, test::kOrigin).load(), 100U);
}

}  // namespace
}  // namespace sekisho::audit
