// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>

namespace sekisho::audit {
namespace {

using namespace std::chrono_literals;

/// What arrives at one end of a connection of which a command has the other.
class Listener {
 public:
  explicit Listener(int (*connect)(std::array<int, 2>&)) {
    EXPECT_EQ(connect(ends_), 0);
    EXPECT_EQ(::fcntl(ends_[0], F_SETFL, O_NONBLOCK), 0);
  }
  ~Listener() {
    for (const int end : ends_) ::close(end);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int command() const { return ends_[1]; }
  std::string heard() const {
    std::array<char, 4096> text{};
    const ssize_t size = ::read(ends_[0], text.data(), text.size());
    return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  std::array<int, 2> ends_{};
};

int terminal(std::array<int, 2>& ends) {
  return ::openpty(&ends[0], &ends[1], nullptr, nullptr, nullptr);
}
int pipe_line(std::array<int, 2>& ends) { return ::pipe(ends.data()); }

class ProgressTest : public testing::Test {
 protected:
  std::chrono::steady_clock::time_point now_{};
  Progress::Clock clock_ = [this] { return now_; };
};

TEST_F(ProgressTest, IsToldOnATerminalAfterTwoSecondsAndTakenAwayInTheEnd) {
  const Listener person(terminal);
  {
    Progress progress(person.command(), clock_);
    progress.at("verify", 0, 1000);
    now_ += 1999ms;
    progress.at("verify", 199, 1000);
    EXPECT_EQ(person.heard(), "");
    now_ += 1ms;
    progress.at("verify", 200, 1000);
    EXPECT_EQ(person.heard(), "\r\033[Kverify: 20 %, 9 s left");
    now_ += 100ms;
    progress.at("verify", 210, 1000);
    EXPECT_EQ(person.heard(), "") << "five times a second are enough";
    now_ += 100ms;
    progress.at("index", 1000, 1000);
    EXPECT_EQ(person.heard(), "\r\033[Kindex: 100 %");
  }
  EXPECT_EQ(person.heard(), "\r\033[K");
}

TEST_F(ProgressTest, LeavesAShortCommandAlone) {
  const Listener person(terminal);
  {
    Progress(person.command(), clock_).at("verify", 1, 2);
  }
  EXPECT_EQ(person.heard(), "");
}

TEST_F(ProgressTest, IsNotToldInAPipe) {
  const Listener program(pipe_line);
  {
    Progress progress(program.command(), clock_);
    now_ += 1h;
    progress.at("verify", 1, 2);
  }
  EXPECT_EQ(program.heard(), "");
}

TEST_F(ProgressTest, HoldsWhateverItIsTold) {
  const Listener person(terminal);
  Progress progress(person.command(), clock_);
  now_ += 2s;
  progress.at("copy", 5, 0);
  EXPECT_EQ(person.heard(), "\r\033[Kcopy");
  now_ += 1s;
  progress.at("copy", 7, 5);
  EXPECT_EQ(person.heard(), "\r\033[Kcopy: 100 %");
}

}  // namespace
}  // namespace sekisho::audit
