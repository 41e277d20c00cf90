// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/witness_session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "audit/proof/add_checkpoint.h"
#include "audit/proof/merkle.h"

namespace sekisho::audit {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const core::Time kNow = core::Time(seconds(1'769'860'800));

/// A session with a witness that answers from a list, and what it was asked.
class Session : public ::testing::Test {
 protected:
  std::variant<CosignatureVerifier::Cosignature, WitnessProblem> ask() {
    return session_.ask(head_, note_, kNow);
  }
  WitnessProblem problem() {
    const auto answer = ask();
    const auto* problem = std::get_if<WitnessProblem>(&answer);
    EXPECT_NE(problem, nullptr) << "it cosigned";
    return problem == nullptr ? WitnessProblem::unreachable : *problem;
  }
  std::uint64_t asked_from(std::size_t call) {
    return AddCheckpoint::parse(asked_.at(call))->old_size;
  }
  WitnessReply cosigned(core::Time time = kNow) {
    return {200, "text/plain", me_.cosign(head_.text(), std::chrono::floor<seconds>(time))};
  }
  static WitnessReply size(const std::string& body) { return {409, "text/x.tlog.size", body}; }

  const NoteSigner log_{"audit.example/log", core::Bytes(32, 7)};
  const Cosigner me_{"w1", core::Bytes(32, 9)};
  const Checkpoint head_{"audit.example/log", 42, core::sha256(core::as_bytes("x"))};
  const std::string note_ = log_.sign(head_.text());
  std::vector<std::optional<WitnessReply>> replies_;
  std::vector<std::string> asked_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> proven_;
  WitnessSession session_{me_.verifier(),
                          [this](const std::string& body) -> std::optional<WitnessReply> {
                            asked_.push_back(body);
                            return replies_.at(asked_.size() - 1);
                          },
                          [this](std::uint64_t from, std::uint64_t to) {
                            proven_.emplace_back(from, to);
                            return Proof(1);
                          }};
};

TEST_F(Session, BringsBackTheCosignature) {
  replies_ = {cosigned()};
  const auto answer = ask();
  const auto* cosignature = std::get_if<CosignatureVerifier::Cosignature>(&answer);
  ASSERT_NE(cosignature, nullptr);
  EXPECT_EQ(cosignature->time, std::chrono::floor<seconds>(kNow));
  EXPECT_EQ(me_.verifier().time_of(*Note::parse(note_ + cosignature->line)), cosignature->time);
  EXPECT_EQ(asked_from(0), 0U);
}

TEST_F(Session, LearnsTheSizeAndProvesFromThere) {
  replies_ = {size("7\n"), cosigned(), cosigned()};
  EXPECT_EQ(ask().index(), 0U);
  EXPECT_EQ(asked_from(1), 7U);
  EXPECT_EQ(proven_.back(), std::pair(std::uint64_t{7}, std::uint64_t{42}));
  EXPECT_EQ(ask().index(), 0U);
  EXPECT_EQ(asked_from(2), 42U) << "and remembers what was accepted";
}

TEST_F(Session, TakesItsOwnCosignatureAlone) {
  const Cosigner other("w2", core::Bytes(32, 8));
  const auto time = std::chrono::floor<seconds>(kNow);
  replies_ = {WitnessReply{200, "", other.cosign(head_.text(), time) + cosigned().body}};
  const auto answer = ask();
  ASSERT_EQ(answer.index(), 0U);
  EXPECT_EQ(std::get<0>(answer).line, cosigned().body);
}

TEST_F(Session, SeesThatTheWitnessKnowsALongerLog) {
  replies_ = {size("43\n"), size("43\n")};
  EXPECT_EQ(problem(), WitnessProblem::ahead);
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(Session, SeesAForkOfTheSameSize) {
  replies_ = {size("42\n"), size("42\n")};
  EXPECT_EQ(problem(), WitnessProblem::other_history);
  EXPECT_EQ(asked_from(1), 42U);
}

TEST_F(Session, SeesAForkThatGrew) {
  replies_ = {size("7\n"), WitnessReply{422, "text/plain", ""}};
  EXPECT_EQ(problem(), WitnessProblem::other_history);
}

TEST_F(Session, SaysWhatElseIsWrong) {
  const auto after = [this](std::optional<WitnessReply> reply) {
    replies_ = {std::move(reply)};
    asked_.clear();
    return problem();
  };
  const Cosigner other("w2", core::Bytes(32, 8));
  const auto time = std::chrono::floor<seconds>(kNow);
  EXPECT_EQ(after(std::nullopt), WitnessProblem::unreachable);
  EXPECT_EQ(after(WitnessReply{403, "", ""}), WitnessProblem::refused);
  EXPECT_EQ(after(WitnessReply{404, "", ""}), WitnessProblem::refused);
  EXPECT_EQ(after(cosigned(kNow + minutes(6))), WitnessProblem::wrong_time);
  for (const WitnessReply& wrong :
       {WitnessReply{200, "", ""}, WitnessReply{200, "", "no signature\n"},
        WitnessReply{200, "", other.cosign(head_.text(), time)},
        WitnessReply{200, "", me_.cosign(head_.text() + "x\n", time)}, WitnessReply{500, "", ""},
        WitnessReply{302, "", ""}, WitnessReply{409, "text/plain", "7\n"}, size("7"), size(""),
        size("\n"), size("07\n"), size("-7\n"), size("7\n\n"), size("0\n")}) {
    EXPECT_EQ(after(wrong), WitnessProblem::wrong_answer) << wrong.status << ' ' << wrong.body;
  }
}

TEST_F(Session, DoesNotLetItselfBeSentRound) {
  replies_ = {size("7\n"), size("9\n"), size("11\n")};
  EXPECT_EQ(problem(), WitnessProblem::wrong_answer);
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(Session, ExplainsEveryProblem) {
  for (const auto problem :
       {WitnessProblem::unreachable, WitnessProblem::ahead, WitnessProblem::other_history,
        WitnessProblem::refused, WitnessProblem::wrong_answer, WitnessProblem::wrong_time}) {
    EXPECT_FALSE(explain(problem).empty());
  }
  EXPECT_TRUE(is_another_log(WitnessProblem::ahead));
  EXPECT_TRUE(is_another_log(WitnessProblem::other_history));
  EXPECT_FALSE(is_another_log(WitnessProblem::unreachable));
}

}  // namespace
}  // namespace sekisho::audit
