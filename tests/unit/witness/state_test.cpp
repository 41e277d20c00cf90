// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "core/encoding.h"
#include "support/temporary_directory.h"
#include "unit/witness/a_growing_log.h"
#include "witness/state_file.h"
#include "witness/witness.h"

namespace sekisho::witness {
namespace {

using tests::AGrowingLog;

std::string text_of(const State& state) { return std::string(core::as_text(state.text().view())); }

std::string base64(const std::string& note) { return core::to_base64(core::as_bytes(note)); }

class AState : public ::testing::Test {
 protected:
  AState() { log_.grow(20); }

  const tests::TemporaryDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "witness";
  AGrowingLog log_;
};

TEST_F(AState, ComesBackFromItsText) {
  AGrowingLog fork;
  fork.grow(7, "another");
  AGrowingLog other("other.example/log");
  other.grow(2);
  State state{core::Secret(core::Bytes{'k'}), {}};
  state.logs["audit.example/log"] = {log_.note(7), fork.note(7)};
  state.logs["other.example/log"] = {other.note(2), std::nullopt};
  const std::string text = text_of(state);
  EXPECT_EQ(text, "sekisho-witness 1\nk\nlog " + base64(log_.note(7)) + "\nfork " +
                      base64(fork.note(7)) + "\nlog " + base64(other.note(2)) + "\n");
  const auto again = State::parse(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(text_of(*again), text);
}

TEST_F(AState, RefusesEverythingElse) {
  const std::string head = "sekisho-witness 1\nk\n";
  const std::string log = "log " + base64(log_.note(7)) + "\n";
  const std::string fork = "fork " + base64(log_.note(8)) + "\n";
  ASSERT_TRUE(State::parse(head + log + fork));
  for (const std::string& bad :
       {std::string(), std::string("sekisho-witness 1\n"), std::string("sekisho-witness 1\nk"),
        "sekisho-witness 2\nk\n" + log, head + log + log, head + fork, head + log + fork + fork,
        head + log.substr(0, log.size() - 1), head + "\n", head + "log \n", head + "log AAAA\n",
        head + "log " + base64(log_.sign("no checkpoint\n")) + "\n", head + "note x\n"}) {
    EXPECT_FALSE(State::parse(bad)) << bad;
  }
}

TEST_F(AState, IsMadeOnceAndReadableByItsOwnerAlone) {
  create_state(file_, "witness.example/w1");
  struct stat status{};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const std::string text = text_of(read_state(file_));
  EXPECT_NE(text.find("PRIVATE+KEY+witness.example/w1+"), std::string::npos);
  EXPECT_THROW(create_state(file_, "witness.example/w1"), StateError);
  EXPECT_EQ(text_of(read_state(file_)), text);
}

TEST_F(AState, RefusesANameThatIsNone) {
  for (const char* bad : {"", "a b", "a+b", "a\nb"}) {
    EXPECT_THROW(create_state(file_, bad), StateError) << bad;
  }
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(AState, IsRefusedWhereItCannotBeTrusted) {
  EXPECT_THROW(read_state(file_), StateError) << "missing";
  create_state(file_, "w");
  std::filesystem::permissions(file_, std::filesystem::perms(0640));
  EXPECT_THROW(read_state(file_), StateError) << "readable by others";
  std::filesystem::permissions(file_, std::filesystem::perms(0600));
  std::ofstream(file_, std::ios::app) << "rubbish\n";
  EXPECT_THROW(read_state(file_), StateError) << "damaged";
}

TEST_F(AState, BelongsToOneProcess) {
  create_state(file_, "w");
  {
    const StateFile mine(file_);
    EXPECT_THROW(StateFile{file_}, StateError);
    mine.replace(mine.read());
    EXPECT_THROW(StateFile{file_}, StateError) << "also after it was replaced";
  }
  EXPECT_NO_THROW(StateFile{file_});
}

TEST_F(AState, SurvivesAFailedWriteWhole) {
  create_state(file_, "w");
  const StateFile mine(file_);
  State state = mine.read();
  const std::string before = text_of(state);
  std::filesystem::create_directory(file_.string() + ".new");  // nothing can be written there
  state.logs["audit.example/log"] = {log_.note(7), std::nullopt};
  EXPECT_THROW(mine.replace(state), std::system_error);
  EXPECT_EQ(text_of(read_state(file_)), before);
}

TEST_F(AState, IgnoresWhatAnInterruptedWriteLeft) {
  create_state(file_, "w");
  std::ofstream(file_.string() + ".new") << "half a sta";
  const StateFile mine(file_);
  State state = mine.read();
  state.logs["audit.example/log"] = {log_.note(7), std::nullopt};
  mine.replace(state);
  EXPECT_EQ(text_of(read_state(file_)), text_of(state));
}

std::uint64_t size_in(const State& state) {
  const auto log = state.logs.find("audit.example/log");
  if (log == state.logs.end()) return 0;
  return audit::Checkpoint::parse(audit::Note::parse(log->second.newest)->text)->size;
}

/// Cosigns one head after the other for ever and writes each size that it has cosigned.
void cosign_for_ever(const std::filesystem::path& file, const AGrowingLog& log, int pipe) {
  const StateFile mine(file);
  Witness witness(
      mine.read(), {log.verifier()}, [&](const State& next) { mine.replace(next); },
      core::system_clock(), [](core::Severity, std::string_view) {});
  for (std::uint64_t size = size_in(mine.read());; ++size) {
    if (witness.add_checkpoint(log.request(size, size + 1)).status != 200) return;
    const std::uint64_t cosigned = size + 1;
    if (::write(pipe, &cosigned, sizeof cosigned) != sizeof cosigned) return;
  }
}

TEST_F(AState, HoldsEveryCosignatureThatLeftAKilledWitness) {
  create_state(file_, "w");
  log_.grow(2000);
  std::uint64_t cosigned = 0;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        cosign_for_ever(file_, log_, ends[1]);
      } catch (...) {
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    std::uint64_t size = 0;
    for (int left = 1 + round * 3; left > 0; --left) {
      ASSERT_EQ(::read(ends[0], &size, sizeof size), static_cast<ssize_t>(sizeof size));
    }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &size, sizeof size) == static_cast<ssize_t>(sizeof size)) {
    }
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    EXPECT_GT(size, cosigned);
    cosigned = size;
    const std::uint64_t remembered = size_in(read_state(file_));
    ASSERT_GE(remembered, cosigned);
    ASSERT_LE(remembered, cosigned + 1);
  }
}

}  // namespace
}  // namespace sekisho::witness
