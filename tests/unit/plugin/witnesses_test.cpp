// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/witnesses.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>

#include "audit/initialise.h"
#include "audit/keys/rotate_key.h"
#include "audit/proof/add_checkpoint.h"
#include "audit/store/log_reader.h"
#include "support/temporary_directory.h"

namespace sekisho::plugin {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A log, and witnesses that cosign whatever they are shown while they are there.
class WitnessesTest : public ::testing::Test {
 protected:
  audit::AuditPlace new_log() const {
    const auto place = audit::AuditPlace::in(directory_.path());
    audit::initialise(place, "test/witnesses");
    return place;
  }
  WitnessPolicy policy(std::size_t quorum,
                       WhenUnwitnessed when_unwitnessed = WhenUnwitnessed::tell) const {
    WitnessPolicy policy;
    for (const audit::Cosigner& witness : cosigners_) {
      policy.members.push_back({witness.verifier(), witness.verifier().name(), {}});
    }
    policy.quorum = quorum;
    policy.interval = seconds(1);
    policy.when_unwitnessed = when_unwitnessed;
    return policy;
  }
  Witnesses::Ports ports() {
    return {log_,
            file_,
            audit::WitnessTimes(times_),
            [this] { return now_.load(); },
            [this](core::Severity, std::string_view text) {
              if (text.find("unwitnessed for too long") != std::string_view::npos) {
                alarm_.set_value();
              }
            },
            [this](const WitnessMember& member, const std::string& body, const std::stop_token&) {
              return cosign(member.url, body);
            }};
  }
  std::optional<audit::WitnessReply> cosign(const std::string& who, const std::string& body) {
    asked_ += who == "w2" ? 1 : 0;
    if (who == "w2" && second_is_away_) return std::nullopt;
    const audit::Cosigner& cosigner = cosigners_[who == "w1" ? 0 : 1];
    const auto note = audit::Note::parse(audit::AddCheckpoint::parse(body)->note);
    return audit::WitnessReply{
        200, "", cosigner.cosign(note->text, std::chrono::floor<seconds>(now_.load()))};
  }
  /// Waits until the witnesses say so.
  template <class Condition>
  static bool comes_true(const Condition& condition) {
    for (int i = 0; i < 2000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  audit::Entry last_entry() {
    log_.flush();
    audit::LogReader reader(audit::AuditPlace::in(directory_.path()).database);
    return reader.entry(reader.head().size - 1).value().entry;
  }

  const tests::TemporaryDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "audit.witnessed";
  const std::filesystem::path times_ = directory_.path() / "audit.witness-times";
  std::atomic<core::Time> now_ = core::system_clock()();
  std::atomic<bool> second_is_away_ = false;
  std::atomic<int> asked_ = 0;
  std::promise<void> alarm_;
  const std::vector<audit::Cosigner> cosigners_ = [] {
    std::vector<audit::Cosigner> both;
    both.emplace_back("w1", core::Bytes(32, 1));
    both.emplace_back("w2", core::Bytes(32, 2));
    return both;
  }();
  audit::AuditLog log_{new_log(), core::system_clock(), [](core::Severity, std::string_view) {}};
};

TEST_F(WitnessesTest, KeepTheHeadThatAQuorumCosigned) {
  const Witnesses witnesses(policy(2, WhenUnwitnessed::shut), ports());
  ASSERT_TRUE(comes_true([&] { return !witnesses.state().overdue; }));
  EXPECT_TRUE(witnesses.may_serve());
  EXPECT_EQ(witnesses.state().size, log_.head().size);
  std::ifstream in(file_);
  const std::string note{std::istreambuf_iterator<char>(in), {}};
  const std::vector keys{cosigners_[0].verifier(), cosigners_[1].verifier()};
  const auto opened = audit::open_witnessed(note, log_.verifier(), keys);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->witnessings.size(), 2U);
  EXPECT_EQ(audit::WitnessTimes(times_).notes().size(), 1U) << "the evidence of the day";
}

TEST_F(WitnessesTest, AreOverdueFromTheStartWhereOneOfAQuorumIsAway) {
  second_is_away_ = true;
  const Witnesses witnesses(policy(2, WhenUnwitnessed::shut), ports());
  alarm_.get_future().wait();
  const Witnesses::State state = witnesses.state();
  EXPECT_TRUE(state.overdue);
  EXPECT_FALSE(witnesses.may_serve());
  EXPECT_EQ(state.members[1].problem, audit::WitnessProblem::unreachable);
  EXPECT_FALSE(state.members[0].problem);
  EXPECT_TRUE(state.members[0].cosigned_at);
  EXPECT_EQ(last_entry().event, "witness.trouble");
  EXPECT_EQ(last_entry().facts.at("reason"), "unwitnessed");
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(WitnessesTest, PutOnRecordThatTheyAreThereAgain) {
  second_is_away_ = true;
  const Witnesses witnesses(policy(2), ports());
  alarm_.get_future().wait();
  second_is_away_ = false;
  ASSERT_TRUE(comes_true([&] { return last_entry().event == "witness.restored"; }));
  EXPECT_EQ(last_entry().facts.at("reason"), "unwitnessed");
}

TEST_F(WitnessesTest, ServeAllTheSameWhereTheyOnlyTell) {
  second_is_away_ = true;
  const Witnesses witnesses(policy(2), ports());
  alarm_.get_future().wait();
  EXPECT_TRUE(witnesses.may_serve());
}

TEST_F(WitnessesTest, AreEnoughWhereTheQuorumIsThere) {
  second_is_away_ = true;
  const Witnesses witnesses(policy(1), ports());
  EXPECT_TRUE(comes_true([&] { return !witnesses.state().overdue; }));
}

TEST_F(WitnessesTest, BecomeOverdueAMinuteTooLate) {
  const Witnesses witnesses(policy(2, WhenUnwitnessed::shut), ports());
  ASSERT_TRUE(comes_true([&] { return witnesses.state().size.has_value(); }));
  second_is_away_ = true;
  now_ = now_.load() + minutes(59);
  EXPECT_TRUE(witnesses.may_serve());
  now_ = now_.load() + minutes(2);
  EXPECT_FALSE(witnesses.may_serve());
  EXPECT_TRUE(witnesses.state().overdue);
  alarm_.get_future().wait();
}

TEST_F(WitnessesTest, RememberThroughARestart) {
  {
    const Witnesses witnesses(policy(2), ports());
    ASSERT_TRUE(comes_true([&] { return witnesses.state().size.has_value(); }));
  }
  second_is_away_ = true;
  const Witnesses witnesses(policy(2, WhenUnwitnessed::shut), ports());
  EXPECT_TRUE(witnesses.may_serve());
  EXPECT_EQ(witnesses.state().size, log_.head().size);
}

TEST_F(WitnessesTest, RememberThroughARotationOfTheLogsKey) {
  const tests::TemporaryDirectory data;
  const auto place = audit::AuditPlace::in(data.path());
  audit::initialise(place, "test/rotated");
  const auto open = [&] {
    return audit::AuditLog(place, core::system_clock(), [](core::Severity, std::string_view) {});
  };
  const std::string head = open().head().checkpoint;
  const std::string text = audit::Note::parse(head)->text;
  const auto time = std::chrono::floor<seconds>(now_.load());
  std::ofstream(file_) << head << cosigners_[0].cosign(text, time)
                       << cosigners_[1].cosign(text, time);
  audit::rotate_key(place);
  audit::AuditLog log = open();
  second_is_away_ = true;
  const Witnesses::Ports usual = ports();
  const Witnesses witnesses(policy(2, WhenUnwitnessed::shut),
                            {log, file_, usual.times, usual.clock, usual.report, usual.call});
  EXPECT_TRUE(witnesses.may_serve());
  EXPECT_EQ(witnesses.state().size, 1U);
}

TEST_F(WitnessesTest, BelieveNoFileThatTheWitnessesDidNotSign) {
  const auto time = std::chrono::floor<seconds>(now_.load());
  const audit::Note head = *audit::Note::parse(log_.head().checkpoint);
  const std::string far = cosigners_[0].cosign(head.text, time + minutes(60)) +
                          cosigners_[1].cosign(head.text, time + minutes(60));
  for (const std::string& content :
       {std::string("rubbish"), log_.head().checkpoint,
        log_.head().checkpoint + cosigners_[0].cosign(head.text, time),
        log_.head().checkpoint + far, log_.head().checkpoint + std::string(100'000, 'x')}) {
    std::ofstream(file_) << content;
    second_is_away_ = true;
    const Witnesses witnesses(policy(2, WhenUnwitnessed::shut), ports());
    EXPECT_FALSE(witnesses.may_serve());
    alarm_.get_future().wait();
    alarm_ = {};
  }
}

TEST_F(WitnessesTest, DoNotCountWhatCannotBeKept) {
  std::filesystem::create_directory(file_.string() + ".new");
  const Witnesses witnesses(policy(2, WhenUnwitnessed::shut), ports());
  ASSERT_TRUE(comes_true([&] { return !witnesses.state().keeps; }));
  EXPECT_FALSE(witnesses.may_serve());
}

TEST_F(WitnessesTest, AreAskedAgainWhenTheLogHasGrown) {
  const Witnesses witnesses(policy(2), ports());
  ASSERT_TRUE(comes_true([&] { return witnesses.state().size.has_value(); }));
  audit::Event event;
  event.code = audit::EventCode::service_start;
  event.authentication = "none";
  log_.append(event);
  EXPECT_TRUE(comes_true([&] { return witnesses.state().size == log_.head().size; }));
}

}  // namespace
}  // namespace sekisho::plugin
