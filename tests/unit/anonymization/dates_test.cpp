// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/dates.h"

#include <gtest/gtest.h>

namespace sekisho::anonymization::tests {
namespace {

using core::dicom::Vr;
using std::chrono::days;

TEST(ShiftedDate, MovesByWholeDaysOfTheCalendar) {
  EXPECT_EQ(shifted_date("20240301", Vr::DA, days(-1)), "20240229");
  EXPECT_EQ(shifted_date("20230301", Vr::DA, days(-1)), "20230228");
  EXPECT_EQ(shifted_date("20240101", Vr::DA, days(-366)), "20221231");
  EXPECT_EQ(shifted_date("20240117 ", Vr::DA, days(0)), "20240117");
}

TEST(ShiftedDate, LeavesTheTimeOfDay) {
  for (const char* time : {"", "09", "0915", "091532", "091560", "091532.1", "091532.104000"}) {
    EXPECT_EQ(shifted_date(std::string("20240117") + time, Vr::DT, days(-17)),
              std::string("20231231") + time);
  }
  EXPECT_EQ(shifted_date("20240117", Vr::DT, days(1)), "20240118");
}

TEST(ShiftedDate, TellsNoSummerByItsZone) {
  EXPECT_EQ(shifted_date("20240117091532.104000+0100", Vr::DT, days(-17)), "20231231091532.104000");
  EXPECT_EQ(shifted_date("20240117-0500", Vr::DT, days(1)), "20240118");
  EXPECT_EQ(shifted_date("2024011709+1400 \\20240118+0000", Vr::DT, days(1)),
            "2024011809\\20240119");
}

TEST(ShiftedDate, HidesNoRealDateBehindAShiftedOne) {
  for (const char* text :
       {"20240117-20240118", "20240117-2024", "20240117-202401", "2024011720240118",
        "20240117091532-20240118", "20240117091532.20240118", "20240117091532.104000-20240118",
        "20240117+0100-20240118", "20240117.20240118", "20240117\\20240117-20240118"}) {
    EXPECT_EQ(shifted_date(text, Vr::DT, days(-17)), std::nullopt) << text;
  }
  for (const char* text : {"2024.01.17", "20240117-", "-20240117", "20240117-20240118",
                           "20240117\\2024.01.18", "20240117091532", "20240117+0100"}) {
    EXPECT_EQ(shifted_date(text, Vr::DA, days(-17)), std::nullopt) << text;
  }
}

TEST(ShiftedDate, KnowsNoTimeThatNoClockShows) {
  for (const char* time : {"2", "24", "0960", "091561", "09153", "0915.5", "091532.", "091532.1.2",
                           "091532.1234567", "+1500", "+0160", "+1", "+01000", "-", "+01-1"}) {
    EXPECT_EQ(shifted_date(std::string("20240117") + time, Vr::DT, days(-17)), std::nullopt)
        << time;
  }
}

TEST(ShiftedDate, MovesEachOfSeveralValues) {
  EXPECT_EQ(shifted_date("20240117\\20240131", Vr::DA, days(1)), "20240118\\20240201");
  EXPECT_EQ(shifted_date("20240117\\", Vr::DA, days(1)), "20240118\\");
  EXPECT_EQ(shifted_date("", Vr::DA, days(1)), "");
}

TEST(ShiftedDate, IsNoneForWhatIsNoDate) {
  for (const char* text :
       {"2024", "202401", "20240230", "20241301", "00000101", "2024.01.17", "SATO^ICHIRO",
        "20240117\\x", "2024011A", "+2024011", "20240101-20240201"}) {
    EXPECT_EQ(shifted_date(text, Vr::DA, days(-1)), std::nullopt) << text;
  }
  EXPECT_EQ(shifted_date("2024", Vr::DT, days(-1)), std::nullopt);
  EXPECT_EQ(shifted_date("20240117SATO", Vr::DT, days(-1)), std::nullopt);
  EXPECT_EQ(shifted_date("20240117 091532", Vr::DT, days(-1)), std::nullopt);
}

TEST(ShiftedDate, IsNoneBeyondTheCalendar) {
  EXPECT_EQ(shifted_date("00010101", Vr::DA, days(-1)), std::nullopt);
  EXPECT_EQ(shifted_date("99991231", Vr::DA, days(1)), std::nullopt);
}

TEST(CappedAge, IsNinetyForWhoIsOlderThanEightyNine) {
  EXPECT_EQ(capped_age("089Y"), "089Y");
  EXPECT_EQ(capped_age("090Y"), "090Y");
  EXPECT_EQ(capped_age("103Y"), "090Y");
  EXPECT_EQ(capped_age("999M"), "999M");
  EXPECT_EQ(capped_age("011D "), "011D");
  EXPECT_EQ(capped_age(""), "");
  EXPECT_EQ(capped_age("90Y"), std::nullopt);
  EXPECT_EQ(capped_age("SATO"), std::nullopt);
  EXPECT_EQ(capped_age("045Y\\103Y"), std::nullopt);
}

TEST(CappedAge, KnowsTheUnitsOfReports) {
  EXPECT_EQ(capped_age("89.5", "a"), "89.5");
  EXPECT_EQ(capped_age("104", "a"), "90");
  EXPECT_EQ(capped_age("7", "mo"), "7");
  EXPECT_EQ(capped_age("1200", "mo"), std::nullopt);
  EXPECT_EQ(capped_age("104", "mm"), std::nullopt);
  EXPECT_EQ(capped_age("-1", "a"), std::nullopt);
  EXPECT_EQ(capped_age("nan", "a"), std::nullopt);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
