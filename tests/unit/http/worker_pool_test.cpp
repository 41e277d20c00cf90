// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <stdexcept>

#include "http/attempt.h"

namespace sekisho::http {
namespace {

const core::Log kSilent = [](core::Severity, std::string_view) {};

/// Jobs that hold their workers until all are let go.
class Held {
 public:
  ~Held() { let_go(); }
  void let_go() {
    if (!released_.exchange(true)) release_.set_value();
  }
  WorkerPool::Job job() {
    return [this] {
      ++begun_;
      begun_.notify_all();
      go_.wait();
    };
  }
  int begun() const { return begun_; }
  void wait_for(int count) const {
    for (int now = begun_; now < count; now = begun_) begun_.wait(now);
  }

 private:
  std::atomic<int> begun_{0};
  std::atomic<bool> released_{false};
  std::promise<void> release_;
  std::shared_future<void> go_ = release_.get_future().share();
};

/// What each of some jobs added, in the order in which they ran.
class Order {
 public:
  WorkerPool::Job add(std::string word) {
    return [this, word] {
      const std::lock_guard lock(mutex_);
      words_ += words_.empty() ? word : ' ' + word;
    };
  }
  std::string words() const { return words_; }

 private:
  std::mutex mutex_;
  std::string words_;
};

/// A pool of one worker, who is held.
struct HeldPool {
  explicit HeldPool(int waiting_limit) : pool(1, waiting_limit, kSilent) {
    pool.post("somebody", held.job());
    held.wait_for(1);
  }
  void run() {
    held.let_go();
    pool.stop();
  }
  Held held;
  WorkerPool pool;
};

TEST(WorkerPool, TakesNoMoreNewRequestsThanMayWait) {
  HeldPool held(2);
  EXPECT_TRUE(held.pool.offer("a", [] {}));
  EXPECT_TRUE(held.pool.offer("a", [] {}));
  EXPECT_FALSE(held.pool.offer("a", [] {}));
  held.run();
}

TEST(WorkerPool, RefusesNobodyBecauseTooManyOfAnotherWait) {
  HeldPool held(1);
  EXPECT_TRUE(held.pool.offer("a", [] {}));
  EXPECT_FALSE(held.pool.offer("a", [] {}));
  EXPECT_TRUE(held.pool.offer("b", [] {}));
  held.run();
}

TEST(WorkerPool, TakesTurnsBetweenWhatRunsAndWhatIsNew) {
  HeldPool held(2);
  Order order;
  for (int i = 0; i < 2; ++i) held.pool.offer("a", order.add("new"));
  for (int i = 0; i < 3; ++i) held.pool.post("a", order.add("running"));
  held.run();
  EXPECT_EQ(order.words(), "running new running new running");
}

TEST(WorkerPool, TakesTurnsBetweenAccountsHoweverMuchOneWants) {
  HeldPool held(10);
  Order order;
  for (int i = 0; i < 4; ++i) held.pool.offer("a", order.add("a"));
  for (int i = 0; i < 2; ++i) held.pool.offer("b", order.add("b"));
  held.pool.post("c", order.add("c"));
  held.run();
  EXPECT_EQ(order.words(), "a b c a b a a");
}

TEST(WorkerPool, KeepsNobodyWaitingForAnAccountThatNeverRests) {
  HeldPool held(10);
  std::atomic<bool> has_ended{false};
  std::function<void()> step = [&] {
    if (!has_ended) held.pool.post("restless", step);
  };
  held.pool.post("restless", step);
  held.pool.offer("patient", [&] { has_ended = true; });
  held.run();
  EXPECT_TRUE(has_ended);
}

TEST(WorkerPool, LeavesAWorkerForWhoeverComesNext) {
  Held clinic;
  Held another;
  WorkerPool pool(8, 100, kSilent);
  for (int i = 0; i < 20; ++i) pool.offer("clinic", clinic.job());
  clinic.wait_for(6);
  for (int i = 0; i < 20; ++i) pool.offer("another", another.job());
  another.wait_for(1);
  std::promise<void> served;
  pool.offer("third", [&] { served.set_value(); });
  served.get_future().wait();
  EXPECT_EQ(clinic.begun(), 6) << "all but two";
  EXPECT_EQ(another.begun(), 1);
  clinic.let_go();
  another.let_go();
}

TEST(WorkerPool, GivesTheLastFreeWorkerToSomebodyWhoHoldsNone) {
  Held clinics;
  Held guest;
  Order order;
  WorkerPool pool(4, 100, kSilent);
  for (const char* name : {"clinic", "another", "third"}) pool.offer(name, clinics.job());
  clinics.wait_for(3);
  pool.offer("guest", guest.job());
  guest.wait_for(1);
  pool.offer("clinic", order.add("clinic"));
  std::promise<void> served;
  pool.offer("newcomer", order.add("newcomer"));
  pool.offer("newcomer", [&] { served.set_value(); });
  guest.let_go();
  served.get_future().wait();
  EXPECT_EQ(order.words(), "newcomer");
  clinics.let_go();
  pool.stop();
  EXPECT_EQ(order.words(), "newcomer clinic");
}

TEST(WorkerPool, GivesASingleWorkerToAnybody) {
  WorkerPool pool(1, 10, kSilent);
  std::promise<void> served;
  pool.offer("a", [&] { served.set_value(); });
  served.get_future().wait();
}

TEST(WorkerPool, RunsAllThatItTookBeforeItStops) {
  std::atomic<int> ran{0};
  WorkerPool pool(3, 1000, kSilent);
  for (int i = 0; i < 1000; ++i) pool.offer(std::to_string(i % 7), [&] { ++ran; });
  pool.stop();
  EXPECT_EQ(ran, 1000);
}

TEST(WorkerPool, RunsWhatComesWhileItWorks) {
  constexpr int kChains = 40;
  constexpr int kLinks = 100;
  std::latch ended(kChains);
  WorkerPool pool(8, 10, kSilent);
  std::function<void(std::string, int)> link = [&](const std::string& account, int left) {
    if (left == 0) return ended.count_down();
    pool.post(account, [&link, account, left] { link(account, left - 1); });
  };
  for (int i = 0; i < kChains; ++i) link(std::to_string(i % 5), kLinks);
  ended.wait();
}

TEST(WorkerPool, SurvivesAJobThatThrows) {
  int reported = 0;
  bool ran = false;
  WorkerPool pool(1, 10, [&](core::Severity, std::string_view) { ++reported; });
  pool.post("a", [] { throw std::runtime_error("a name that no log may hold"); });
  pool.post("a", [&] { ran = true; });
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
