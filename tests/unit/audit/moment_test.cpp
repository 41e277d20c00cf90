// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/moment.h"

#include <gtest/gtest.h>

#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::a_time;

Moment moment(core::Time time, microseconds since_boot) {
  return {time, since_boot, ClockState::unsynchronised};
}

/// A machine that was up for an hour at a_time().
class StepWatchTest : public testing::Test {
 protected:
  Moment after(microseconds passed, microseconds set = {}) const {
    return moment(a_time() + passed + set, hours(1) + passed);
  }
  StepWatch watch_ = StepWatch::within_boot(after({}));
};

TEST_F(StepWatchTest, TimeThatPassesIsNoStep) {
  EXPECT_FALSE(watch_.see(after(seconds(1))));
  EXPECT_FALSE(watch_.see(after(hours(100))));
}

TEST_F(StepWatchTest, AClockThatWasSetIsFoundOnceInEitherDirection) {
  for (const microseconds set : {microseconds(hours(8 * 365 * 24)), microseconds(-hours(1))}) {
    StepWatch watch = watch_;
    const auto step = watch.see(after(seconds(5), set));
    ASSERT_TRUE(step);
    EXPECT_EQ(step->before, a_time() + seconds(5));
    EXPECT_EQ(step->after, a_time() + seconds(5) + set);
    EXPECT_FALSE(watch.see(after(seconds(6), set)));
    EXPECT_TRUE(watch.see(after(seconds(7)))) << "setting it right is a step too";
  }
}

TEST_F(StepWatchTest, ASecondIsToleratedAndNoMore) {
  EXPECT_FALSE(watch_.see(after(seconds(1), StepWatch::kTolerance)));
  EXPECT_TRUE(watch_.see(after(seconds(1), StepWatch::kTolerance + microseconds(1))));
}

TEST_F(StepWatchTest, ManySmallStepsAreOneInTheEnd) {
  EXPECT_FALSE(watch_.see(after(seconds(1), milliseconds(-400))));
  EXPECT_FALSE(watch_.see(after(seconds(2), milliseconds(-800))));
  const auto step = watch_.see(after(seconds(3), milliseconds(-1200)));
  ASSERT_TRUE(step);
  EXPECT_EQ(step->after - step->before, milliseconds(-1200));
}

TEST(StepWatch, AfterABootAnEarlierTimeIsAStepAndALaterOneIsNot) {
  StepWatch later = StepWatch::after_boot(a_time());
  EXPECT_FALSE(later.see(moment(a_time() + hours(24), seconds(30))));
  EXPECT_FALSE(later.see(moment(a_time() + hours(25), hours(1) + seconds(30))));
  EXPECT_TRUE(later.see(moment(a_time() + hours(27), hours(2) + seconds(30))));

  StepWatch earlier = StepWatch::after_boot(a_time());
  const auto step = earlier.see(moment(a_time() - seconds(2), seconds(30)));
  ASSERT_TRUE(step);
  EXPECT_EQ(step->before, a_time());
  EXPECT_EQ(step->after, a_time() - seconds(2));
  EXPECT_FALSE(earlier.see(moment(a_time(), seconds(32))));
}

TEST(SignedSeconds, HaveASignAndSixDigits) {
  EXPECT_EQ(to_signed_seconds(hours(1)), "+3600.000000");
  EXPECT_EQ(to_signed_seconds(microseconds(-1'000'001)), "-1.000001");
  EXPECT_EQ(to_signed_seconds(microseconds(0)), "+0.000000");
  EXPECT_EQ(to_signed_seconds(microseconds::min()), "-9223372036854.775808");
}

}  // namespace
}  // namespace sekisho::audit
