// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/viewing.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <set>
#include <thread>

#include "audit/initialise.h"
#include "core/database.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::disclosure {
namespace {

using namespace tests;
using std::chrono::seconds;

class ViewingTest : public ::testing::Test {
 protected:
  static audit::Event an_intent() {
    audit::Event intent;
    intent.code = audit::EventCode::transfer_begin;
    intent.authentication = "token";
    intent.source = "10.20.0.17";
    intent.share_id = "5f0c64d3a1b29e7745d0c2b8e9f1a3c7";
    intent.request_id = "request-1";
    intent.intended_use = "reference";
    intent.recipient_id = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
    intent.recipient_name = "Dr. Kobayashi";
    intent.user_agent = "OHIF/3.13";
    intent.objects = {{"P1", "1.2.3", "1.2.3.1", ""}};
    return intent;
  }
  /// An answer of one instance that arrives whole.
  std::uint64_t show(const audit::Event& intent = an_intent(),
                     std::string_view credential = "token-1") {
    Showing showing = viewings_->join(intent, credential);
    const std::uint64_t seq = showing.receipt().seq();
    showing.end(Ending::complete, 1, 1000);
    return seq;
  }
  void close_finished() {
    viewings_->close_finished([this](const std::string&) { return live_; });
  }
  /// Of the log, after its first.
  std::vector<Json::Value> entries() {
    log_->flush();
    auto database = core::db::open_read_only(place_.database);
    core::db::Statement all(
        database, "SELECT json_patch(entry, aside) FROM audit_entry WHERE seq > 0 ORDER BY seq");
    std::vector<Json::Value> found;
    while (all.executeStep()) found.push_back(RecipientDesk::parse(all.getColumn(0).getString()));
    return found;
  }
  std::vector<Json::Value> outcomes() {
    auto all = entries();
    std::erase_if(all, [](const Json::Value& entry) { return entry["event"] != "transfer.end"; });
    return all;
  }
  void break_log() {
    core::db::Database database(place_.database.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  }

  core::Time now_ = at("2026-02-10T00:00:00Z");
  bool live_ = true;
  TemporaryDirectory directory_;
  audit::AuditPlace place_ = [this] {
    const auto place = audit::AuditPlace::in(directory_.path());
    const auto stopped = [] { return at("2026-02-10T00:00:00Z"); };
    audit::initialise(place, "hospital.example/log", stopped, uptime_of(stopped));
    return place;
  }();
  core::Clock clock_ = [this] { return now_; };
  std::unique_ptr<audit::AuditLog> log_ = std::make_unique<audit::AuditLog>(
      place_, clock_, core::Log([](auto, auto) {}), uptime_of(clock_));
  std::unique_ptr<Viewings> viewings_ = std::make_unique<Viewings>(*log_, clock_);
};

TEST_F(ViewingTest, AnswersOneBehindTheOtherShareOneIntentAndOneOutcome) {
  const std::uint64_t first = show();
  audit::Event later = an_intent();
  later.request_id = "request-2";
  now_ += seconds(9);
  EXPECT_EQ(show(later), first);
  now_ += seconds(9);
  EXPECT_EQ(show(), first);
  EXPECT_EQ(entries().size(), 1U);

  now_ += Viewings::kQuiet;
  close_finished();
  const auto log = entries();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0]["event"], "transfer.begin");
  EXPECT_EQ(log[0]["request"], "request-1");
  EXPECT_EQ(log[1]["event"], "transfer.end");
  EXPECT_EQ(log[1]["intent"].asUInt64(), first);
  EXPECT_EQ(log[1]["request"], "request-1");
  EXPECT_EQ(log[1]["outcome"], 0);
  EXPECT_EQ(log[1]["detail"], "complete");
  EXPECT_EQ(log[1]["instances"], 3);
  EXPECT_EQ(log[1]["bytes"], 3000);
  EXPECT_EQ(log[1]["facts"]["answers"], "3");
  EXPECT_FALSE(log[1]["facts"].isMember("cut"));
}

TEST_F(ViewingTest, TheIntentIsOnDiskWhenTheAnswerMayLeave) {
  const Showing showing = viewings_->join(an_intent(), "token-1");
  auto database = core::db::open_read_only(place_.database);
  EXPECT_EQ(database.execAndGet("SELECT max(seq) FROM audit_entry").getInt64(),
            static_cast<std::int64_t>(showing.receipt().seq()));
}

TEST_F(ViewingTest, WhateverTheIntentWouldSayOtherwiseIsAnotherViewing) {
  std::set<std::uint64_t> seqs = {show()};
  using Change = void (*)(audit::Event&);
  const Change changes[] = {
      [](audit::Event& intent) { intent.authentication = "link"; },
      [](audit::Event& intent) { intent.source = "10.20.0.18"; },
      [](audit::Event& intent) { intent.share_id = "00000000000000000000000000000000"; },
      [](audit::Event& intent) { intent.intended_use = "reading"; },
      [](audit::Event& intent) { intent.recipient_id = "00000000000000000000000000000000"; },
      [](audit::Event& intent) { intent.user_agent = "curl/7.88"; },
      [](audit::Event& intent) { intent.objects[0].series_uid = "1.2.3.2"; },
      [](audit::Event& intent) { intent.objects[0].patient_id = "P2"; },
  };
  for (const Change change : changes) {
    audit::Event intent = an_intent();
    change(intent);
    seqs.insert(show(intent));
  }
  seqs.insert(show(an_intent(), "token-2"));
  EXPECT_EQ(seqs.size(), std::size(changes) + 2);
  EXPECT_EQ(show(), *seqs.begin());
}

TEST_F(ViewingTest, NothingJoinsAfterTheLongestTimeHoweverBusyItIs) {
  const std::uint64_t first = show();
  Showing slow = viewings_->join(an_intent(), "token-1");
  now_ += Viewings::kLongest - seconds(1);
  EXPECT_EQ(show(), first);
  now_ += seconds(1);
  const std::uint64_t second = show();
  EXPECT_NE(second, first);
  EXPECT_TRUE(outcomes().empty()) << "one answer is under way";
  slow.end(Ending::complete, 1, 1000);
  ASSERT_EQ(outcomes().size(), 1U);
  EXPECT_EQ(outcomes()[0]["intent"].asUInt64(), first);
  EXPECT_EQ(outcomes()[0]["facts"]["answers"], "3");
}

TEST_F(ViewingTest, SilenceEndsAViewingEvenWhereNobodyLooksAfterIt) {
  const std::uint64_t first = show();
  now_ += Viewings::kQuiet;
  EXPECT_NE(show(), first);
  ASSERT_EQ(outcomes().size(), 1U);
  EXPECT_EQ(outcomes()[0]["intent"].asUInt64(), first);
}

TEST_F(ViewingTest, AnAnswerUnderWayIsNoSilence) {
  Showing slow = viewings_->join(an_intent(), "token-1");
  now_ += Viewings::kQuiet * 2;
  close_finished();
  EXPECT_EQ(show(), slow.receipt().seq());
  slow.end(Ending::complete, 1, 1000);
  EXPECT_TRUE(outcomes().empty());
}

TEST_F(ViewingTest, TwoThatBeginInTheSameMomentAreOneViewing) {
  std::atomic<int> asked = 0;
  std::future<std::uint64_t> other;
  const auto seen = [](Viewings& viewings) {
    return viewings.join(an_intent(), "token-1").receipt().seq();
  };
  Viewings viewings(*log_, [&] {
    const int before = asked++;
    if (before == 0) {
      other = std::async(std::launch::async, seen, std::ref(viewings));
      other.wait_for(std::chrono::milliseconds(100));  // it overtakes if it can
    }
    return now_ + std::chrono::milliseconds(before);
  });
  const std::uint64_t first = seen(viewings);
  EXPECT_EQ(other.get(), first);
}

TEST_F(ViewingTest, AClockThatWasSetBackEndsAViewing) {
  const std::uint64_t first = show();
  now_ -= std::chrono::hours(1);
  EXPECT_NE(show(), first);
  EXPECT_EQ(outcomes().size(), 1U);
}

TEST_F(ViewingTest, AViewingOfADeadShareIsOver) {
  const std::uint64_t first = show();
  Showing cut = viewings_->join(an_intent(), "token-1");
  live_ = false;
  close_finished();
  EXPECT_TRUE(outcomes().empty());
  cut.end(Ending::revoked, 0, 500);
  ASSERT_EQ(outcomes().size(), 1U);
  const Json::Value outcome = outcomes()[0];
  EXPECT_EQ(outcome["intent"].asUInt64(), first);
  EXPECT_EQ(outcome["detail"], "revoked");
  EXPECT_EQ(outcome["outcome"], 4);
  EXPECT_EQ(outcome["instances"], 1);
  EXPECT_EQ(outcome["bytes"], 1500);
  EXPECT_EQ(outcome["facts"]["answers"], "2");
  EXPECT_EQ(outcome["facts"]["cut"], "1");
  EXPECT_NE(show(), first);
}

TEST_F(ViewingTest, TheWorstEndingIsTheOutcome) {
  const Ending endings[] = {Ending::complete, Ending::unavailable, Ending::revoked,
                            Ending::aborted};
  for (const Ending ending : endings) {
    viewings_->join(an_intent(), "token-1").end(ending, ending == Ending::complete ? 1 : 0, 10);
  }
  viewings_->close_all();
  EXPECT_EQ(outcomes().back()["detail"], "unavailable");
  EXPECT_EQ(outcomes().back()["outcome"], 8);
  EXPECT_EQ(outcomes().back()["instances"], 1);
  EXPECT_EQ(outcomes().back()["facts"]["cut"], "3");
}

TEST_F(ViewingTest, OfWhichOnlyHeadersLeftSaysSo) {
  viewings_->join(an_intent(), "token-1").end(Ending::header, 0, 0);
  viewings_->close_all();
  EXPECT_EQ(outcomes().back()["detail"], "header");
  EXPECT_EQ(outcomes().back()["outcome"], 0);
  EXPECT_EQ(outcomes().back()["bytes"], 0);
  EXPECT_FALSE(outcomes().back()["facts"].isMember("cut"));

  viewings_->join(an_intent(), "token-1").end(Ending::header, 0, 0);
  viewings_->join(an_intent(), "token-1").end(Ending::complete, 1, 10);
  viewings_->close_all();
  EXPECT_EQ(outcomes().back()["detail"], "complete");
  EXPECT_EQ(outcomes().back()["facts"]["answers"], "2");
}

TEST_F(ViewingTest, AnAnswerThatNobodyTookIsAbortedWithoutAByte) {
  {
    const Showing nobodys = viewings_->join(an_intent(), "token-1");
  }
  viewings_->close_all();
  ASSERT_EQ(outcomes().size(), 1U);
  EXPECT_EQ(outcomes()[0]["detail"], "aborted");
  EXPECT_EQ(outcomes()[0]["bytes"], 0);
}

TEST_F(ViewingTest, TheEndOfTheServiceIsTheEndOfEveryViewing) {
  show();
  show(an_intent(), "token-2");
  viewings_.reset();
  EXPECT_EQ(outcomes().size(), 2U);
}

TEST_F(ViewingTest, ATransferOfItsOwnIsJoinedByNobodyAndEndsAtOnce) {
  Showing whole = viewings_->begin(an_intent());
  EXPECT_NE(show(), whole.receipt().seq());
  const std::uint64_t intent = whole.receipt().seq();
  whole.end(Ending::aborted, 7, 7000);
  ASSERT_EQ(outcomes().size(), 1U);
  EXPECT_EQ(outcomes()[0]["intent"].asUInt64(), intent);
  EXPECT_EQ(outcomes()[0]["instances"], 7);
  EXPECT_EQ(outcomes()[0]["detail"], "aborted");
  EXPECT_FALSE(outcomes()[0].isMember("facts"));
}

TEST_F(ViewingTest, WithoutALogNobodySeesAnything) {
  break_log();
  EXPECT_THROW(viewings_->join(an_intent(), "token-1"), audit::AuditError);
  EXPECT_THROW(viewings_->join(an_intent(), "token-1"), audit::AuditError);
  EXPECT_THROW(viewings_->begin(an_intent()), audit::AuditError);
  viewings_.reset();
}

TEST_F(ViewingTest, NobodyJoinsOnceTheLogIsBroken) {
  show();
  break_log();
  EXPECT_THROW(log_->append(audit::Event{}), audit::AuditError);
  EXPECT_THROW(show(), audit::AuditError);
}

TEST_F(ViewingTest, ManyAtOnceWaitForOneIntentAndAreAllCounted) {
  constexpr int kThreads = 8;
  constexpr int kEach = 200;
  std::barrier start(kThreads);
  std::atomic<int> not_on_record{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (int j = 0; j < kEach; ++j) {
        Showing showing = viewings_->join(an_intent(), "token-1");
        if (log_->head().size <= showing.receipt().seq()) ++not_on_record;
        showing.end(Ending::complete, 1, 10);
        if (j % 50 == 0) close_finished();
      }
    });
  }
  threads.clear();
  viewings_->close_all();
  EXPECT_EQ(not_on_record, 0);
  const auto log = entries();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[1]["facts"]["answers"], std::to_string(kThreads * kEach));
  EXPECT_EQ(log[1]["bytes"], kThreads * kEach * 10);
}

TEST_F(ViewingTest, ManyAtOnceAreAllRefusedWhenTheirIntentCannotBeWritten) {
  constexpr int kThreads = 8;
  break_log();
  std::barrier start(kThreads);
  std::atomic<int> refused{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      try {
        viewings_->join(an_intent(), "token-1");
      } catch (const audit::AuditError&) {
        ++refused;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(refused, kThreads);
}

}  // namespace
}  // namespace sekisho::disclosure
