// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/storing_pauses.h"

#include <gtest/gtest.h>

namespace sekisho::plugin {
namespace {

using namespace std::chrono_literals;

class StoringPausesTest : public ::testing::Test {
 protected:
  /// One every 50 ms.
  void store_for(std::chrono::milliseconds time) {
    const auto end = now_ + time;
    for (; now_ < end; now_ += 50ms) pauses_.note(now_);
  }
  StoringPauses pauses_;
  StoringPauses::Moment now_{1h};
};

TEST_F(StoringPausesTest, WhatIsStoredWithinASecondIsStoredWithoutAPause) {
  store_for(1000ms);
  EXPECT_EQ(pauses_.due(now_), std::nullopt);
}

TEST_F(StoringPausesTest, ASecondOfStoringIsFollowedByAPause) {
  store_for(1050ms);
  const auto over = pauses_.due(now_);
  ASSERT_TRUE(over);
  EXPECT_EQ(*over - now_, 150ms) << "200 ms behind the last";
  EXPECT_EQ(pauses_.due(*over), std::nullopt);
  now_ = *over;
  store_for(1000ms);
  EXPECT_EQ(pauses_.due(now_), std::nullopt);
}

TEST_F(StoringPausesTest, WhatSomebodyElseStoresInAPauseMakesItLonger) {
  store_for(1050ms);
  const auto over = pauses_.due(now_);
  ASSERT_TRUE(over);
  pauses_.note(now_ + 100ms);
  EXPECT_EQ(pauses_.due(*over), now_ + 300ms);
}

TEST_F(StoringPausesTest, AllWhoWaitedGoOnTogether) {
  store_for(1050ms);
  const auto over = pauses_.due(now_);
  ASSERT_TRUE(over);
  EXPECT_EQ(pauses_.due(*over), std::nullopt);
  EXPECT_EQ(pauses_.due(*over + 1ms), std::nullopt);
}

TEST_F(StoringPausesTest, ABreakThatCameByItselfIsAPause) {
  store_for(900ms);
  now_ += 200ms;
  store_for(900ms);
  EXPECT_EQ(pauses_.due(now_), std::nullopt);
}

}  // namespace
}  // namespace sekisho::plugin
