// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/witness.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "core/encoding.h"
#include "unit/witness/a_growing_log.h"

namespace sekisho::witness {
namespace {

using audit::AddCheckpoint;
using tests::AGrowingLog;

const core::Time kNow = core::Time(std::chrono::seconds(1'769'860'800));

core::Secret a_key(const std::string& name = "witness.example/w1") {
  const std::string line = audit::Cosigner::private_line(name, core::Bytes(32, 9));
  return core::Secret(core::Bytes(line.begin(), line.end()));
}

class TheWitness : public ::testing::Test {
 protected:
  TheWitness() { log_.grow(300); }

  void open(State state) {
    witness_ = std::make_unique<Witness>(
        std::move(state), std::vector{log_.verifier()},
        [this](const State& next) {
          if (disk_is_full_) throw std::runtime_error("no space left");
          on_disk_ = next.clone();
          ++writes_;
        },
        [] { return kNow; }, [this](core::Severity, std::string_view text) { report_ += text; });
  }
  int status_of(const std::string& body) { return witness_->add_checkpoint(body).status; }
  Answer add(std::uint64_t from, std::uint64_t to) {
    return witness_->add_checkpoint(log_.request(from, to));
  }
  /// Whether the answer is a good cosignature of the checkpoint of that size.
  ::testing::AssertionResult cosigned(const Answer& answer, std::uint64_t size) {
    const auto note = audit::Note::parse(log_.note(size) + answer.body);
    if (answer.status != 200 || !note) return ::testing::AssertionFailure() << answer.status;
    const auto time = witness_->verifier().time_of(*note);
    if (time != kNow) return ::testing::AssertionFailure() << "not its signature: " << answer.body;
    return ::testing::AssertionSuccess();
  }
  std::uint64_t size_on_disk() const {
    const auto log = on_disk_.logs.find(log_.verifier().name());
    if (log == on_disk_.logs.end()) return 0;
    return audit::Checkpoint::parse(audit::Note::parse(log->second.newest)->text)->size;
  }

  AGrowingLog log_;
  State on_disk_{a_key(), {}};
  int writes_ = 0;
  bool disk_is_full_ = false;
  std::string report_;
  std::unique_ptr<Witness> witness_;
};

class AddCheckpointCall : public TheWitness {
 protected:
  AddCheckpointCall() { open({a_key(), {}}); }
};

TEST_F(AddCheckpointCall, CosignsALogFromItsBeginningOn) {
  EXPECT_TRUE(cosigned(add(0, 1), 1));
  for (const auto& [from, to] : {std::pair{1, 2}, {2, 3}, {3, 255}, {255, 256}, {256, 300}}) {
    EXPECT_TRUE(cosigned(add(from, to), to)) << from << " to " << to;
    EXPECT_EQ(size_on_disk(), to);
  }
}

TEST_F(AddCheckpointCall, AnswersWithSignatureLinesAlone) {
  const Answer answer = add(0, 7);
  const auto signatures = audit::parse_signature_lines(answer.body);
  ASSERT_TRUE(signatures);
  ASSERT_EQ(signatures->size(), 1U);
  EXPECT_EQ(signatures->front().name, "witness.example/w1");
}

TEST_F(AddCheckpointCall, CosignsTheSameHeadAgainWithoutWriting) {
  add(0, 7);
  EXPECT_TRUE(cosigned(add(7, 7), 7));
  EXPECT_EQ(writes_, 1);
}

TEST_F(AddCheckpointCall, TellsWhoGuessedWrongWhatSizeItHas) {
  add(0, 7);
  for (const auto& [from, to] : {std::pair{0, 9}, {3, 9}, {8, 9}, {0, 7}, {0, 3}, {3, 3}}) {
    const Answer answer = add(from, to);
    EXPECT_EQ(answer.status, 409) << from << " to " << to;
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "7\n");
  }
  EXPECT_EQ(add(5, 7).body, "7\n");
  EXPECT_EQ(size_on_disk(), 7U) << "never back";
}

TEST_F(AddCheckpointCall, BeginsAtZero) { EXPECT_EQ(add(3, 7).body, "0\n"); }

TEST_F(AddCheckpointCall, RefusesAForkOfTheSameSizeAndKeepsTheProof) {
  add(0, 7);
  AGrowingLog fork;
  fork.grow(6);
  fork.grow(7, "another");
  const Answer answer = witness_->add_checkpoint(fork.request(7, 7));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "7\n");
  const LogRecord& record = on_disk_.logs.at("audit.example/log");
  EXPECT_EQ(record.newest, log_.note(7));
  EXPECT_EQ(record.fork, fork.note(7));
  EXPECT_NE(report_.find("FORK"), std::string::npos);
  EXPECT_TRUE(cosigned(add(7, 8), 8)) << "the branch that came first goes on";
  EXPECT_EQ(on_disk_.logs.at("audit.example/log").fork, fork.note(7)) << "and the proof stays";
}

TEST_F(AddCheckpointCall, KeepsOneProofOfForks) {
  add(0, 7);
  for (const char* kind : {"one", "two", "three"}) {
    AGrowingLog fork;
    fork.grow(7, kind);
    EXPECT_EQ(witness_->add_checkpoint(fork.request(0, 7)).status, 409);
  }
  EXPECT_EQ(writes_, 2) << "nobody makes the file grow";
}

TEST_F(AddCheckpointCall, RefusesAForkThatGrewFurther) {
  add(0, 7);
  AGrowingLog fork;
  fork.grow(6);
  fork.grow(20, "another");
  EXPECT_EQ(witness_->add_checkpoint(fork.request(7, 20)).status, 422);
  EXPECT_EQ(size_on_disk(), 7U);
}

TEST_F(AddCheckpointCall, RefusesAProofThatIsNotExact) {
  add(0, 7);
  const audit::Proof good = log_.proof(7, 20);
  audit::Proof changed = good;
  changed.back()[5] ^= 1;
  audit::Proof longer = good;
  longer.push_back(good.front());
  const audit::Proof shorter(good.begin(), good.end() - 1);
  for (const audit::Proof& proof : {changed, longer, shorter, audit::Proof{}}) {
    EXPECT_EQ(status_of(AddCheckpoint{7, proof, log_.note(20)}.text()), 422);
  }
  EXPECT_EQ(status_of(AddCheckpoint{7, {good.front()}, log_.note(7)}.text()), 422);
  EXPECT_TRUE(cosigned(add(7, 20), 20));
}

TEST_F(AddCheckpointCall, RefusesAProofForALogThatItDoesNotKnow) {
  EXPECT_EQ(status_of(AddCheckpoint{0, {core::Sha256{}}, log_.note(7)}.text()), 422);
}

TEST_F(AddCheckpointCall, KnowsOnlyItsLogs) {
  AGrowingLog other("other.example/log");
  other.grow(3);
  EXPECT_EQ(status_of(other.request(0, 3)), 404);
}

TEST_F(AddCheckpointCall, DemandsTheLogsOwnSignature) {
  AGrowingLog thief("audit.example/log", 8);
  thief.grow(3);
  EXPECT_EQ(status_of(thief.request(0, 3)), 403);
  const auto me = audit::Cosigner("witness.example/w1", core::Bytes(32, 9));
  const std::string text = log_.text(3);
  EXPECT_EQ(status_of("old 0\n\n" + text + '\n' + me.cosign(text, {})), 403)
      << "that a witness signed is not that the log did";
}

TEST_F(AddCheckpointCall, RefusesTheLogsKeyUnderAnothersName) {
  AGrowingLog other("other.example/log");
  other.grow(3);
  EXPECT_EQ(status_of("old 0\n\n" + log_.sign(other.text(3))), 404);
}

TEST_F(AddCheckpointCall, IgnoresTheSignaturesOfOthersAndForgetsThem) {
  AGrowingLog other("other.example/log");
  const auto stranger = audit::Note::parse(other.sign(log_.text(3)))->signatures.front().line();
  EXPECT_EQ(status_of("old 0\n\n" + log_.note(3) + stranger), 200);
  EXPECT_EQ(on_disk_.logs.at("audit.example/log").newest, log_.note(3));
}

TEST_F(AddCheckpointCall, RefusesMalformedRequests) {
  const std::string note = log_.note(3);
  const std::string hash = core::to_base64(core::Sha256{}) + '\n';
  std::string many;
  for (int i = 0; i < 64; ++i) many += hash;
  for (const std::string& bad : {std::string(),
                                 std::string("old 0"),
                                 std::string("old 0\n"),
                                 "\n" + note,
                                 "old\n\n" + note,
                                 "old 00\n\n" + note,
                                 "old -1\n\n" + note,
                                 "old +1\n\n" + note,
                                 "old 1 \n\n" + note,
                                 "Old 0\n\n" + note,
                                 "old 18446744073709551616\n\n" + note,
                                 "old 0\n" + note,
                                 "old 0\n\n\n" + note,
                                 "old 0\nAAAA\n\n" + note,
                                 "old 0\n" + hash.substr(1) + "\n" + note,
                                 "old 0\n" + many + "\n" + note,
                                 std::string("old 0\n\n"),
                                 "old 0\n\n" + log_.text(3),
                                 "old 0\n\n" + note + "x",
                                 "old 0\n\n" + log_.sign(log_.text(3) + "extension\n"),
                                 "old 4\n\n" + note,
                                 "old 0\r\n\r\n" + note}) {
    EXPECT_EQ(status_of(bad), 400) << bad.substr(0, 40);
  }
  EXPECT_EQ(writes_, 0);
}

TEST_F(AddCheckpointCall, TakesAProofOf63Lines) {
  audit::Proof proof(63);
  EXPECT_EQ(status_of(AddCheckpoint{0, proof, log_.note(3)}.text()), 422) << "well formed, wrong";
}

TEST_F(AddCheckpointCall, RefusesAnEmptyTreeWithAnotherRoot) {
  EXPECT_EQ(status_of(log_.request(0, 0)), 200);
  const std::string text = audit::Checkpoint{"audit.example/log", 0, log_.root(1)}.text();
  EXPECT_EQ(status_of("old 0\n\n" + log_.sign(text)), 409);
}

TEST_F(AddCheckpointCall, GivesTheSameWordsToEverybody) {
  // Nothing that was sent comes back.
  const Answer a = witness_->add_checkpoint("<script>");
  EXPECT_EQ(a.body, "malformed request\n");
  EXPECT_EQ(a.content_type, "text/plain; charset=utf-8");
}

TEST_F(AddCheckpointCall, MakesNoCosignatureThatIsNotOnDisk) {
  add(0, 7);
  disk_is_full_ = true;
  const Answer answer = add(7, 9);
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("\xE2\x80\x94"), std::string::npos);
  EXPECT_NE(report_.find("no space left"), std::string::npos);
  disk_is_full_ = false;
  EXPECT_EQ(add(7, 9).status, 500) << "what is on disk is not known any more";
  EXPECT_EQ(add(7, 7).status, 500);
  EXPECT_EQ(writes_, 1);
  open(on_disk_.clone());
  EXPECT_TRUE(cosigned(add(7, 9), 9)) << "a new start reads what is there";
}

TEST_F(AddCheckpointCall, IsOnDiskBeforeTheCosignatureExists) {
  for (std::uint64_t size = 1; size <= 20; ++size) {
    const Answer answer = add(size - 1, size);
    ASSERT_TRUE(cosigned(answer, size));
    ASSERT_EQ(size_on_disk(), size);
  }
}

TEST_F(AddCheckpointCall, RemembersThroughARestart) {
  add(0, 7);
  open(on_disk_.clone());
  EXPECT_EQ(add(0, 9).body, "7\n");
  AGrowingLog fork;
  fork.grow(7, "another");
  EXPECT_EQ(witness_->add_checkpoint(fork.request(7, 7)).status, 409);
}

TEST_F(AddCheckpointCall, NeverCosignsTwoHeadsOfOneSizeHoweverManyAsk) {
  add(0, 1);
  AGrowingLog fork;
  fork.grow(1);
  fork.grow(2, "another");
  std::atomic<int> cosignatures = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      const std::string body = (i % 2 == 0 ? log_ : fork).request(1, 2);
      cosignatures += status_of(body) == 200 ? 1 : 0;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(cosignatures, 1);
}

TEST_F(TheWitness, KnowsALogByEitherKeyWhileItChangesThem) {
  AGrowingLog renewed("audit.example/log", 8);
  renewed.grow(300);
  witness_ = std::make_unique<Witness>(
      State{a_key(), {}}, std::vector{log_.verifier(), renewed.verifier()}, [](const State&) {},
      [] { return kNow; }, [](core::Severity, std::string_view) {});
  EXPECT_EQ(status_of(log_.request(0, 7)), 200);
  EXPECT_EQ(status_of(renewed.request(7, 9)), 200);
}

TEST_F(TheWitness, NeedsAKeyOfAWitness) {
  const std::string line = audit::NoteSigner::private_line("w", core::Bytes(32, 9));
  EXPECT_THROW(open({core::Secret(core::Bytes(line.begin(), line.end())), {}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace sekisho::witness
