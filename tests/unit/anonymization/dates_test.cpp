// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/dates.h"

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

TEST(ShiftedDate, LeavesTheTimeOfDayAndTheOffset) {
  EXPECT_EQ(shifted_date("20240117091532.104000+0900", Vr::DT, days(-17)),
            "20231231091532.104000+0900");
  EXPECT_EQ(shifted_date("20240117", Vr::DT, days(1)), "20240118");
  EXPECT_EQ(shifted_date("20240117-0500", Vr::DT, days(1)), "20240118-0500");
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
