// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/worker_pool.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <stdexcept>

#include "http/attempt.h"

namespace sekisho::http {
namespace {

const core::Log kSilent = [](core::Severity, std::string_view) {};

/// A pool of one thread that waits until it is let go.
struct HeldPool {
  explicit HeldPool(int waiting_limit) : pool(1, waiting_limit, kSilent) {
    std::promise<void> begun;
    pool.post([&] {
      begun.set_value();
      released.wait();
    });
    begun.get_future().wait();
  }
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  WorkerPool pool;
};

TEST(WorkerPool, TakesNoMoreNewRequestsThanMayWait) {
  HeldPool held(2);
  EXPECT_TRUE(held.pool.offer([] {}));
  EXPECT_TRUE(held.pool.offer([] {}));
  EXPECT_FALSE(held.pool.offer([] {}));
  held.release.set_value();
}

TEST(WorkerPool, TakesTurnsBetweenWhatRunsAndWhatIsNew) {
  HeldPool held(2);
  std::string order;
  for (int i = 0; i < 2; ++i) held.pool.offer([&] { order += "new "; });
  for (int i = 0; i < 3; ++i) held.pool.post([&] { order += "running "; });
  held.release.set_value();
  held.pool.stop();
  EXPECT_EQ(order, "new running new running running ");
}

TEST(WorkerPool, RunsAllThatItTookBeforeItStops) {
  int ran = 0;
  std::mutex mutex;
  WorkerPool pool(3, 1000, kSilent);
  for (int i = 0; i < 1000; ++i) {
    pool.offer([&] {
      std::lock_guard lock(mutex);
      ++ran;
    });
  }
  pool.stop();
  EXPECT_EQ(ran, 1000);
}

TEST(WorkerPool, SurvivesAJobThatThrows) {
  int reported = 0;
  bool ran = false;
  WorkerPool pool(1, 10, [&](core::Severity, std::string_view) { ++reported; });
  pool.post([] { throw std::runtime_error("a name that no log may hold"); });
  pool.post([&] { ran = true; });
  pool.stop();
  EXPECT_TRUE(ran);
  EXPECT_EQ(reported, 1);
}

TEST(Attempt, TellsWhatPassesFromOtherTrouble) {
  EXPECT_EQ(attempt([] {}), Trouble::none);
  EXPECT_EQ(attempt([] { throw Unavailable(); }), Trouble::unavailable);
  EXPECT_EQ(attempt([] { throw std::runtime_error("other"); }), Trouble::other);
  EXPECT_EQ(attempt([] { throw 1; }), Trouble::other);
}

}  // namespace
}  // namespace sekisho::http
