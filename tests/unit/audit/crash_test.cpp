// SPDX-License-Identifier: GPL-3.0-or-later
// What is acknowledged is in the log, whatever becomes of the process or the disk.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <random>
#include <thread>

#include "audit/audit_log.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;
using test::joined;

/// A process of its own that runs `work` with the end of a pipe to write acknowledged places into.
class Child {
 public:
  explicit Child(const std::function<void(int)>& work) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    read_end_ = ends[0];
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      int status = 0;
      try {
        work(ends[1]);
      } catch (...) {
        status = 1;
      }
      ::_exit(status);
    }
    ::close(ends[1]);
  }
  ~Child() { ::close(read_end_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The next acknowledged place; none once the process is gone.
  std::optional<std::uint64_t> next() const {
    std::uint64_t seq = 0;
    return ::read(read_end_, &seq, sizeof seq) == sizeof seq ? std::optional(seq) : std::nullopt;
  }
  void kill() const { ::kill(process_, SIGKILL); }
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return status;
  }

 private:
  pid_t process_ = -1;
  int read_end_ = -1;
};

void acknowledge(int pipe, const Receipt& receipt) {
  const std::uint64_t seq = receipt.seq();
  if (::write(pipe, &seq, sizeof seq) != sizeof seq) throw std::runtime_error("no reader");
}

void append_for_ever(const AuditPlace& place, int pipe) {
  AuditLog log(place, core::system_clock(), test::no_report());
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      for (;;) acknowledge(pipe, log.append(a_transfer("P" + std::to_string(caller))));
    });
  }
  for (std::thread& caller : callers) caller.join();
}

TEST(Crash, LosesNothingThatWasAcknowledged) {
  const ALog a_log;
  std::mt19937 random(7);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 10; ++round) {
    const Child child([&](int pipe) { append_for_ever(a_log.place(), pipe); });
    // Dies after so many receipts, somewhere in the work on the next ones.
    std::uint64_t highest = 0;
    for (unsigned left = 1 + random() % 60; left > 0; --left) {
      const auto seq = child.next();
      ASSERT_TRUE(seq);
      highest = std::max(highest, *seq);
    }
    child.kill();
    while (const auto seq = child.next()) highest = std::max(highest, *seq);
    child.wait();
    EXPECT_GT(highest, acknowledged);
    acknowledged = highest;

    const Verdict verdict = a_log.verdict();
    ASSERT_TRUE(verdict.sound()) << joined(verdict.problems);
    ASSERT_GT(verdict.entries, acknowledged);
  }
  const std::uint64_t entries = a_log.verdict().entries;
  AuditLog log(a_log.place(), core::system_clock(), test::no_report());
  EXPECT_EQ(log.append(Event{}).seq(), entries) << "and goes on";
}

/// A file may not grow beyond this: what a full disk looks like to a process, until it may again.
void limit_files_to(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// Until there is no room for more; the last entry that there was room for.
std::uint64_t fill(AuditLog& log, int pipe) {
  limit_files_to(400'000);
  std::uint64_t last = 0;
  try {
    for (;;) {
      const Receipt receipt = log.append(a_transfer());
      acknowledge(pipe, receipt);
      last = receipt.seq();
    }
  } catch (const AuditError&) {
    if (log.condition() != Condition::full || log.broken().empty()) throw;
  }
  return last;
}

void expect_refused(AuditLog& log) {
  try {
    log.append(Event{});
  } catch (const AuditError&) {
    return;
  }
  throw std::runtime_error("a full log took something");
}

/// The log tries once a second.
void wait_until_sound(const AuditLog& log) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (log.condition() != Condition::sound) {
    if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("it never recovers");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

TEST(FullDisk, StopsTheLogAndSparesWhatWasAcknowledged) {
  const ALog a_log;
  const Child child([&](int pipe) {
    AuditLog log(a_log.place(), core::system_clock(), test::no_report());
    fill(log, pipe);
    for (int i = 0; i < 3; ++i) expect_refused(log);
    log.append_later(Event{});
  });
  std::uint64_t acknowledged = 0;
  while (const auto seq = child.next()) acknowledged = *seq;
  EXPECT_EQ(child.wait(), 0);
  EXPECT_GT(acknowledged, 10U);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_GT(verdict.entries, acknowledged);
  EXPECT_GT(a_log.open()->append(Event{}).seq(), acknowledged) << "with room it goes on";
}

TEST(FullDisk, LetsTheLogGoOnWithoutAStartWhenThereIsRoomAgain) {
  const ALog a_log;
  const Child child([&](int pipe) {
    AuditLog log(a_log.place(), core::system_clock(), test::no_report());
    const std::uint64_t intent = fill(log, pipe);
    expect_refused(log);
    log.append_later(test::an_outcome(intent));
    limit_files_to(RLIM_INFINITY);
    wait_until_sound(log);
    if (!log.broken().empty()) throw std::runtime_error(log.broken());
    for (int i = 0; i < 300; ++i) acknowledge(pipe, log.append(a_transfer()));  // over a tile's end
    log.flush();
  });
  std::uint64_t acknowledged = 0;
  while (const auto seq = child.next()) acknowledged = *seq;
  EXPECT_EQ(child.wait(), 0);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_EQ(verdict.entries, acknowledged + 1);
  EXPECT_EQ(a_log.count("audit_entry WHERE entry LIKE '%\"transfer.end\"%'"), 1)
      << "an outcome that nobody waits for is not lost";
  EXPECT_EQ(a_log.count("audit_entry WHERE entry LIKE '%\"log.restored\"%'"), 1);
}

TEST(FullDisk, IsMetAgainAndAgain) {
  const ALog a_log;
  const Child child([&](int pipe) {
    AuditLog log(a_log.place(), core::system_clock(), test::no_report());
    for (int round = 0; round < 3; ++round) {
      fill(log, pipe);
      limit_files_to(RLIM_INFINITY);
      wait_until_sound(log);
      // The write-ahead log is as large as it may be: the next entry has no room either.
      acknowledge(pipe, log.append(a_transfer("P" + std::to_string(round))));
    }
  });
  std::uint64_t acknowledged = 0;
  while (const auto seq = child.next()) acknowledged = *seq;
  EXPECT_EQ(child.wait(), 0);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_GT(verdict.entries, acknowledged);
  EXPECT_EQ(a_log.count("audit_entry WHERE entry LIKE '%\"log.restored\"%'"), 3);
}

TEST(FullDisk, FailsEveryoneWhoWaits) {
  const ALog a_log;
  const Child child([&](int pipe) {
    AuditLog log(a_log.place(), core::system_clock(), test::no_report());
    limit_files_to(200'000);
    std::vector<std::thread> callers;
    std::atomic<int> refused = 0;
    for (int caller = 0; caller < 8; ++caller) {
      callers.emplace_back([&] {
        try {
          for (;;) acknowledge(pipe, log.append(a_transfer()));
        } catch (const AuditError&) {
          ++refused;
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    if (refused != 8) throw std::runtime_error("somebody was not told");
  });
  std::uint64_t acknowledged = 0;
  while (const auto seq = child.next()) acknowledged = std::max(acknowledged, *seq);
  EXPECT_EQ(child.wait(), 0);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_GT(verdict.entries, acknowledged);
}

}  // namespace
}  // namespace sekisho::audit
