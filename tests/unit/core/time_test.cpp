// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/time.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr Time kNine =
    std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + std::chrono::hours{9};

TEST(Time, IsWrittenInUtcWithAsManyDigitsAsNeeded) {
  EXPECT_EQ(to_rfc3339(kNine), "2026-01-31T09:00:00Z");
  EXPECT_EQ(to_rfc3339(kNine + microseconds{1}), "2026-01-31T09:00:00.000001Z");
  EXPECT_EQ(to_rfc3339(Time{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(Time{} - microseconds{1}), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, IsReadFromAnyOffset) {
  for (const char* text :
       {"2026-01-31T09:00:00Z", "2026-01-31t09:00:00z", "2026-01-31T18:00:00+09:00",
        "2026-01-30T23:30:00-09:30", "2026-01-31T09:00:00.0Z", "2026-01-31T09:00:00.000000000Z"}) {
    EXPECT_EQ(parse_rfc3339(text), kNine) << text;
  }
}

TEST(Time, FractionsAreCutToMicroseconds) {
  EXPECT_EQ(parse_rfc3339("2026-01-31T09:00:00.123456789Z"), kNine + microseconds{123456});
  EXPECT_EQ(parse_rfc3339("2026-01-31T09:00:00.5Z"), kNine + microseconds{500000});
}

TEST(Time, WhatIsWrittenReadsTheSame) {
  for (const Time time : {Time{}, kNine, kNine + microseconds{999999}, kNine + days{29}}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time);
  }
}

TEST(Time, WhatIsNoTimeIsNothing) {
  for (const char* text :
       {"", "2026-01-31", "2026-01-31 09:00:00Z", "2026-01-31T09:00:00", "2026-01-31T09:00Z",
        "2026-02-29T09:00:00Z", "2026-13-01T09:00:00Z", "2026-00-01T09:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z", "2026-06-30T23:59:60Z",
        "2026-01-31T09:00:00.Z", "2026-01-31T09:00:00.1234567890Z", "2026-01-31T09:00:00+24:00",
        "2026-01-31T09:00:00+09", "2026-01-31T09:00:00Zx", "+026-01-31T09:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Time, LeapDaysExist) { EXPECT_TRUE(parse_rfc3339("2028-02-29T00:00:00Z")); }

TEST(Time, TheSystemClockIsOfThisCentury) {
  const Clock clock = system_clock();
  EXPECT_GT(clock(), *parse_rfc3339("2024-01-01T00:00:00Z"));
  EXPECT_LT(clock(), *parse_rfc3339("2100-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace sekisho::core
