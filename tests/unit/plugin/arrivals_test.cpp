// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/arrivals.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sekisho::plugin {
namespace {

using std::chrono::seconds;

class ArrivalsTest : public testing::Test {
 protected:
  std::uint64_t untold() { return arrivals.untold(now); }
  void pass_a_second() { now += seconds(1); }
  void come_into(const std::string& study) {
    came.push_back(study);
    pass_a_second();
  }

  core::Time now{seconds(1'800'000'000)};
  std::optional<Arrivals::Number> first = 0;  ///< the number before `came`; absent: it has none
  std::vector<std::string> came;              ///< studies, a change each
  std::size_t is_readable = 100;              ///< so many changes at once
  int asked = 0;
  std::vector<std::string> told;
  Arrivals arrivals{{[this]() -> std::optional<Arrivals::Number> {
                       ++asked;
                       if (!first) return std::nullopt;
                       return *first + came.size();
                     },
                     [this](Arrivals::Number since,
                            Arrivals::Number last) -> std::optional<std::vector<std::string>> {
                       if (last - since > is_readable) return std::nullopt;
                       const auto begin =
                           came.begin() + static_cast<std::ptrdiff_t>(since - *first);
                       return std::vector(begin, came.end());
                     }},
                    [this] { return now; },
                    [this](const std::string& study) { told.push_back(study); }};
};

TEST_F(ArrivalsTest, TellsIntoWhichStudySomethingCame) {
  const std::uint64_t before = untold();
  come_into("a");
  come_into("b");
  EXPECT_EQ(untold(), before);
  EXPECT_EQ(told, (std::vector<std::string>{"a", "b"}));
}

TEST_F(ArrivalsTest, TellsOfEachOnce) {
  untold();
  come_into("a");
  untold();
  pass_a_second();
  untold();
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(ArrivalsTest, SaysWhenMoreCameThanItCanTell) {
  is_readable = 1;
  const std::uint64_t before = untold();
  come_into("a");
  come_into("b");
  const std::uint64_t after = untold();
  EXPECT_NE(after, before);
  EXPECT_TRUE(told.empty());
  come_into("c");
  EXPECT_EQ(untold(), after);
  EXPECT_EQ(told, std::vector<std::string>{"c"});
}

TEST_F(ArrivalsTest, AnArchiveThatCountsNothingCanNeverTell) {
  first.reset();
  const std::uint64_t before = untold();
  pass_a_second();
  EXPECT_NE(untold(), before);
}

TEST_F(ArrivalsTest, ACountThatBeginsAnewTellsNothing) {
  first = 10;
  const std::uint64_t before = untold();
  first = 0;
  pass_a_second();
  EXPECT_NE(untold(), before);
}

TEST_F(ArrivalsTest, AsksOnceForWhoeverAskedBefore) {
  const core::Time earlier = now;
  pass_a_second();
  untold();
  arrivals.untold(earlier);
  untold();
  EXPECT_EQ(asked, 1);
}

TEST_F(ArrivalsTest, AsksAgainForWhoeverAsksLater) {
  untold();
  pass_a_second();
  untold();
  EXPECT_EQ(asked, 2);
}

TEST_F(ArrivalsTest, AClockThatWasSetBackHidesNothing) {
  untold();
  now -= seconds(3600);
  untold();
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace sekisho::plugin
