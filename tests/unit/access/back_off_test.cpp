// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/back_off.h"

#include <gtest/gtest.h>

namespace sekisho::access {
namespace {

std::chrono::seconds wait_after(Counted counted, int failures) {
  const core::Time last{std::chrono::hours(1000)};
  return std::chrono::duration_cast<std::chrono::seconds>(blocked_until(counted, {failures, last}) -
                                                          last);
}

TEST(BackOff, DoublesFromHalfAMinuteToAQuarterOfAnHour) {
  using std::chrono::seconds;
  EXPECT_EQ(wait_after(Counted::account, 0), seconds(0));
  EXPECT_EQ(wait_after(Counted::account, 4), seconds(0));
  EXPECT_EQ(wait_after(Counted::account, 5), seconds(30));
  EXPECT_EQ(wait_after(Counted::account, 6), seconds(60));
  EXPECT_EQ(wait_after(Counted::account, 9), seconds(480));
  EXPECT_EQ(wait_after(Counted::account, 10), seconds(900));
  EXPECT_EQ(wait_after(Counted::account, 2'000'000'000), seconds(900));
}

TEST(BackOff, LetsASiteOfManyPeopleMistypeMore) {
  using std::chrono::seconds;
  EXPECT_EQ(wait_after(Counted::site, 19), seconds(0));
  EXPECT_EQ(wait_after(Counted::site, 20), seconds(30));
  EXPECT_EQ(wait_after(Counted::site, 2'000'000'000), seconds(900));
}

}  // namespace
}  // namespace sekisho::access
