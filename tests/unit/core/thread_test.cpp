// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <stop_token>

#include "core/mutex.h"
#include "core/steady_clock.h"

namespace sekisho::core {
namespace {

TEST(Thread, IsAskedToStopAndHasEndedWhenItsOwnerGoes) {
  bool has_ended = false;
  {
    const Thread thread("test", [&](const std::stop_token& stop) {
      while (!stop.stop_requested()) pause_for(std::chrono::hours(1), stop);
      has_ended = true;
    });
  }
  EXPECT_TRUE(has_ended);
}

TEST(Thread, ToEndWhatNeverBeganOrHasEndedIsNothing) {
  Thread thread;
  thread.end();
  thread = Thread("test", [](const std::stop_token&) {});
  thread.end();
  thread.end();
}

TEST(Thread, WhatTakesItsPlaceEndsItFirst) {
  std::atomic<int> running = 0;
  const auto job = [&](const std::stop_token& stop) {
    EXPECT_EQ(++running, 1);
    while (!stop.stop_requested()) pause_for(std::chrono::hours(1), stop);
    --running;
  };
  Thread thread("first", job);
  Thread second;
  second = std::move(thread);
  second.end();
  second = Thread("second", job);
}

TEST(Thread, GetsNoSignalOfTheHosts) {
  bool blocks_all = true;
  Thread thread("test", [&](const std::stop_token&) {
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    for (const int signal : {SIGTERM, SIGINT, SIGPIPE, SIGHUP, SIGXFSZ}) {
      blocks_all = blocks_all && sigismember(&blocked, signal) == 1;
    }
  });
  thread.end();
  EXPECT_TRUE(blocks_all);
}

TEST(Condition, WaitsForWhatHoldsAndNoLongerThanItMay) {
  Mutex mutex;
  Condition condition;
  bool holds = false;
  {
    MutexLock lock(mutex);
    EXPECT_FALSE(condition.wait_for(lock, std::chrono::milliseconds(1), [&] { return holds; }));
  }
  Thread other("test", [&](const std::stop_token&) {
    const MutexLock lock(mutex);
    holds = true;
    condition.notify_all();
  });
  MutexLock lock(mutex);
  EXPECT_TRUE(condition.wait_for(lock, std::chrono::hours(1), [&] { return holds; }));
}

TEST(Latch, LetsThoseGoOnWhoWaitAndWhoComeLater) {
  Latch latch;
  Thread waiter("test", [&](const std::stop_token&) { latch.wait(); });
  latch.open();
  latch.wait();
  waiter.end();
}

TEST(Pause, LastsAsLongAsItSays) {
  const auto begin = SteadyClock::now();
  pause_for(std::chrono::milliseconds(2), std::stop_token());
  EXPECT_GE(SteadyClock::now() - begin, std::chrono::milliseconds(2));
}

}  // namespace
}  // namespace sekisho::core
