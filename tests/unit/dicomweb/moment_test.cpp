// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/moment.h"

#include <gtest/gtest.h>

#include <utility>

namespace sekisho::dicomweb {
namespace {

using core::dicom::Vr;
using namespace std::chrono_literals;

std::string shown(std::string_view text, Vr vr, UtcOffset by) {
  return shifted(Moment::read(text, vr).value(), by).digits;
}

/// PS3.3 §C.12.1.1.8.
TEST(UtcOffset, IsSignHoursAndMinutes) {
  EXPECT_EQ(parse_utc_offset("+0900"), 540min);
  EXPECT_EQ(parse_utc_offset("-0330 "), -210min);
  EXPECT_EQ(parse_utc_offset("+1400"), 840min);
  EXPECT_EQ(parse_utc_offset("-1200"), -720min);
  for (const char* none :
       {"", "0900", "+900", "+09:00", "+1401", "-1201", "+0960", "+09ab", "JST"}) {
    EXPECT_FALSE(parse_utc_offset(none)) << none;
  }
}

TEST(Moment, OnAnotherClockIsOfAnotherDayYearOrTimeOfDay) {
  EXPECT_EQ(shown("20240119233000", Vr::DT, 9h), "20240120083000000000");
  EXPECT_EQ(shown("20240301001500.25", Vr::DT, -1h), "20240229231500250000");
  EXPECT_EQ(shown("20231231235960", Vr::DT, 1min), "20240101000060000000");
  EXPECT_EQ(shown("2330", Vr::TM, 9h), "083000000000");
  EXPECT_EQ(shown("0010", Vr::TM, -30min), "234000000000");
}

TEST(Moment, OfWhichNoHourOrNoDayIsKnownStays) {
  EXPECT_EQ(shown("20240119", Vr::DT, 9h), "20240119000000000000");
  EXPECT_EQ(shown("20240230120000", Vr::DT, 9h), "20240230120000000000");
  EXPECT_EQ(shown("00000000120000", Vr::DT, 9h), "00000000120000000000");
  EXPECT_EQ(shown("20240119250000", Vr::DT, 9h), "20240119250000000000");
  EXPECT_EQ(shown("00000101000000", Vr::DT, -9h), "00000101000000000000");
  EXPECT_EQ(shown("99991231230000", Vr::DT, 9h), "99991231230000000000");
  EXPECT_EQ(shown("99", Vr::TM, 9h), "990000000000");
}

/// PS3.4 §C.2.2.2.5.4.
TEST(MomentRange, JoinsDateAndTimeOfOneForm) {
  const auto within = [](const char* dates, const char* times, const char* moment) {
    const auto joined = MomentRange::join(MomentRange::parse(dates, Vr::DA).value(),
                                          MomentRange::parse(times, Vr::TM).value());
    return joined.contains(Moment::read(moment, Vr::DT).value());
  };
  EXPECT_TRUE(within("20060705-20060707", "1000-1800", "20060706030000"));
  EXPECT_TRUE(within("20060705-20060707", "1000-1800", "20060707180059.5"));
  EXPECT_FALSE(within("20060705-20060707", "1000-1800", "20060705095959"));
  EXPECT_FALSE(within("20060705-20060707", "1000-1800", "20060707180100"));
  EXPECT_TRUE(within("20060705-", "1000-", "20060706000000"));
  EXPECT_FALSE(within("20060705-", "1000-", "20060705000000"));
  EXPECT_TRUE(within("-20060705", "-1000", "20060704230000"));
  EXPECT_FALSE(within("-20060705", "-1000", "20060705230000"));
}

TEST(MomentRange, KnowsItsForm) {
  const std::pair<const char*, MomentRange::Form> forms[] = {
      {"20240101", MomentRange::Form::single},
      {"20240101-20240131", MomentRange::Form::between},
      {"20240101 - 20240131", MomentRange::Form::between},
      {"20240101-", MomentRange::Form::from},
      {"-20240131", MomentRange::Form::until}};
  for (const auto& [text, form] : forms) {
    EXPECT_EQ(MomentRange::parse(text, Vr::DA).value().form(), form) << text;
  }
}

/// PS3.4 §C.2.2.2.1 note 1, §C.2.2.2.5.3.
TEST(MomentRange, ComparesDateTimesOfTwoClocks) {
  const auto contains = [](const char* range, const char* moment,
                           std::optional<UtcOffset> here = {},
                           std::optional<UtcOffset> there = {}) {
    return MomentRange::parse(range, Vr::DT)
        .value()
        .contains(Moment::read(moment, Vr::DT).value(), here, there);
  };
  EXPECT_TRUE(contains("19980128103000+0000", "19980128073000-0300"));
  EXPECT_FALSE(contains("19980128103000+0000", "19980128103000-0300"));
  EXPECT_TRUE(contains("19980128103000", "19980128073000-0300", 0min));
  EXPECT_TRUE(contains("19980128103000+0000", "19980128073000", {}, -180min));
  EXPECT_TRUE(contains("20240120", "20240119233000", 540min, 0min));
  EXPECT_FALSE(contains("20240119", "20240119233000", 540min, 0min));
  EXPECT_TRUE(contains("20240119", "20240119233000", 540min)) << "of one clock, as far as is known";
  EXPECT_TRUE(contains("20240120083000+0900-20240120084500+0900", "20240119233000+0000"));
  EXPECT_FALSE(contains("20240119000000-0500-20240119010000-0500", "20240119003000+0000"));
}

}  // namespace
}  // namespace sekisho::dicomweb
