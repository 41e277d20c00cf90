// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

namespace sekisho::core {
namespace {

using namespace std::chrono_literals;

TEST(MemoryBudget, GivesNoMoreThanThereIs) {
  MemoryBudget budget(100, 0ms);
  auto most = budget.take(80);
  EXPECT_THROW(budget.take(21), MemoryShortage);
  EXPECT_NO_THROW(budget.take(20));
  EXPECT_EQ(budget.taken_bytes(), 80U);
}

TEST(MemoryBudget, GetsBackWhatIsNoLongerNeeded) {
  MemoryBudget budget(100, 0ms);
  auto first = budget.take(100);
  first.shrink(40);
  first.shrink(60);
  EXPECT_EQ(budget.taken_bytes(), 40U);
  auto second = budget.take(60);
  first = std::move(second);
  EXPECT_EQ(budget.taken_bytes(), 100U) << "a moved one is given back with what it moved to";
  second = MemoryBudget::Taken();
  EXPECT_EQ(budget.taken_bytes(), 60U);
  {
    const auto last = std::move(first);
  }
  EXPECT_EQ(budget.taken_bytes(), 0U);
}

TEST(MemoryBudget, LetsAloneWorkWhatNeedsMoreThanThereIs) {
  MemoryBudget budget(100, 0ms);
  {
    const auto all = budget.take(1'000'000);
    EXPECT_EQ(budget.taken_bytes(), 100U);
    EXPECT_THROW(budget.take(1), MemoryShortage);
  }
  const auto one = budget.take(1);
  EXPECT_THROW(budget.take(1'000'000), MemoryShortage);
}

TEST(MemoryBudget, KeepsNobodyWaitingForThemselves) {
  MemoryBudget budget(100, 0ms);
  auto one = budget.take(30);
  one.grow(20);
  EXPECT_EQ(one.bytes(), 30U) << "has that already";
  one.grow(1'000'000);
  EXPECT_EQ(one.bytes(), 100U);
  one.shrink(60);
  auto other = budget.take(20);
  EXPECT_THROW(one.grow(81), MemoryShortage);
  EXPECT_EQ(one.bytes(), 60U);
  one.grow(80);
  other = MemoryBudget::Taken();
  other.grow(1'000'000);
  EXPECT_EQ(budget.taken_bytes(), 80U) << "of no budget";
}

TEST(MemoryBudget, WaitsForOthersToGiveBack) {
  MemoryBudget budget(100, 1min);
  std::optional held = budget.take(100);
  auto waiting = std::async(std::launch::async, [&] { return budget.take(100).bytes(); });
  held.reset();
  EXPECT_EQ(waiting.get(), 100U);
}

TEST(MemoryBudget, ManyThreadsNeverHoldMoreThanThereIs) {
  MemoryBudget budget(100, 1min);
  std::atomic<std::uint64_t> held = 0;
  std::atomic<bool> exceeded = false;
  std::vector<std::jthread> threads;
  for (std::uint64_t i = 1; i <= 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 200; ++round) {
        const auto taken = budget.take(i * 20);
        const std::uint64_t now = held += taken.bytes();
        if (now > 100) exceeded = true;
        held -= taken.bytes();
      }
    });
  }
  threads.clear();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(budget.taken_bytes(), 0U);
}

TEST(MemoryBudget, HoldsNoPlaceInTheLineForWhoeverHasGone) {
  MemoryBudget budget(100, 1min);
  std::optional held = budget.take(100);
  std::stop_source gone;
  auto waiting =
      std::async(std::launch::async, [&] { budget.take(100, Demand(gone.get_token())); });
  gone.request_stop();
  EXPECT_THROW(waiting.get(), DemandOver);
  held.reset();
  EXPECT_NO_THROW(budget.take(100));
}

}  // namespace
}  // namespace sekisho::core
