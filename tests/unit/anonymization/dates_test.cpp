// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/dates.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sekisho::anonymization::tests {
namespace {

using core::dicom::Vr;
using std::chrono::days;

constexpr days kLeast{365};
constexpr days kLargest{3652};

std::optional<std::string> forth(std::string_view value, Vr vr, days by) {
  return shifted_date(value, vr, DateMove::forth, -by);
}
std::optional<std::string> back(std::string_view value, Vr vr, days by) {
  return shifted_date(value, vr, DateMove::back, -by);
}

TEST(ShiftedDate, MovesByWholeDaysOfTheCalendar) {
  EXPECT_EQ(forth("20240301", Vr::DA, days(1)), "20240229");
  EXPECT_EQ(forth("20230301", Vr::DA, days(1)), "20230228");
  EXPECT_EQ(forth("20240101", Vr::DA, days(366)), "20221231");
  EXPECT_EQ(forth("20240117 ", Vr::DA, days(0)), "20240117");
}

TEST(ShiftedDate, LeavesTheTimeOfDay) {
  for (const char* time : {"", "09", "0915", "091532", "091560", "091532.1", "091532.104000"}) {
    EXPECT_EQ(forth(std::string("20240117") + time, Vr::DT, days(17)),
              std::string("20231231") + time);
  }
  EXPECT_EQ(back("20240117", Vr::DT, days(1)), "20240118");
}

TEST(ShiftedDate, TellsNoSummerByItsZone) {
  EXPECT_EQ(forth("20240117091532.104000+0100", Vr::DT, days(17)), "20231231091532.104000");
  EXPECT_EQ(back("20240117-0500", Vr::DT, days(1)), "20240118");
  EXPECT_EQ(back("2024011709+1400 \\20240118+0000", Vr::DT, days(1)), "2024011809\\20240119");
}

TEST(ShiftedDate, HidesNoRealDateBehindAShiftedOne) {
  for (const char* text :
       {"20240117-20240118", "20240117-2024", "20240117-202401", "2024011720240118",
        "20240117091532-20240118", "20240117091532.20240118", "20240117091532.104000-20240118",
        "20240117+0100-20240118", "20240117.20240118", "20240117\\20240117-20240118"}) {
    EXPECT_EQ(forth(text, Vr::DT, days(17)), std::nullopt) << text;
  }
  for (const char* text : {"2024.01.17", "20240117-", "-20240117", "20240117-20240118",
                           "20240117\\2024.01.18", "20240117091532", "20240117+0100"}) {
    EXPECT_EQ(forth(text, Vr::DA, days(17)), std::nullopt) << text;
  }
}

TEST(ShiftedDate, KnowsNoTimeThatNoClockShows) {
  for (const char* time : {"2", "24", "0960", "091561", "09153", "0915.5", "091532.", "091532.1.2",
                           "091532.1234567", "+1500", "+0160", "+1", "+01000", "-", "+01-1"}) {
    EXPECT_EQ(forth(std::string("20240117") + time, Vr::DT, days(17)), std::nullopt) << time;
  }
}

TEST(ShiftedDate, MovesEachOfSeveralValues) {
  EXPECT_EQ(back("20240117\\20240131", Vr::DA, days(1)), "20240118\\20240201");
  EXPECT_EQ(back("20240117\\", Vr::DA, days(1)), "20240118\\");
  EXPECT_EQ(back("", Vr::DA, days(1)), "");
}

TEST(ShiftedDate, IsNoneForWhatIsNoDate) {
  for (const char* text :
       {"2024", "202401", "20240230", "20241301", "00000101", "2024.01.17", "SATO^ICHIRO",
        "20240117\\x", "2024011A", "+2024011", "20240101-20240201"}) {
    EXPECT_EQ(forth(text, Vr::DA, days(1)), std::nullopt) << text;
  }
  EXPECT_EQ(forth("2024", Vr::DT, days(1)), std::nullopt);
  EXPECT_EQ(forth("20240117SATO", Vr::DT, days(1)), std::nullopt);
  EXPECT_EQ(forth("20240117 091532", Vr::DT, days(1)), std::nullopt);
}

TEST(ShiftedDate, IsNoneOutsideOfEightThousandYears) {
  EXPECT_EQ(forth("18991231", Vr::DA, kLeast), std::nullopt);
  EXPECT_EQ(forth("19000101", Vr::DA, kLeast), "18990101");
  EXPECT_EQ(forth("99991231", Vr::DA, kLeast), "99981231");
  EXPECT_EQ(back("18991231", Vr::DA, kLeast), std::nullopt);
  EXPECT_EQ(back("19000101", Vr::DA, kLeast), "19010101");
  EXPECT_EQ(back("99891231", Vr::DA, kLargest), "99991231");
  EXPECT_EQ(back("99900101", Vr::DA, kLeast), std::nullopt);
  EXPECT_EQ(forth("00010101", Vr::DA, days(0)), "00010101") << "masked before";
}

/// The days around the beginnings of years near the edges, and of some others, with and without a
/// time.
std::vector<std::string> dates_around_edges() {
  using std::chrono::year;
  std::vector<std::string> dates;
  for (const int edge : {1, 2, 10, 11, 1890, 1899, 1900, 1909, 1910, 2024, 9989, 9990, 9999}) {
    for (int day = -400; day <= 400; ++day) {
      const std::chrono::year_month_day date(std::chrono::sys_days(year(edge) / 1 / 1) + days(day));
      if (date.year() < year(1) || date.year() > year(9999)) continue;
      const int number = static_cast<int>(date.year()) * 10'000 +
                         static_cast<int>(static_cast<unsigned>(date.month())) * 100 +
                         static_cast<int>(static_cast<unsigned>(date.day()));
      const std::string digits = std::to_string(number);
      dates.push_back(std::string(8 - digits.size(), '0') + digits);
      dates.push_back(dates.back() + "235959.9+1400");
    }
  }
  return dates;
}

/// Where it depended on the days, twelve dates would tell the days.
TEST(ShiftedDate, WhetherADateMovesDependsOnTheDateAlone) {
  int moved = 0;
  for (const std::string& date : dates_around_edges()) {
    const bool goes_forth = forth(date, Vr::DT, kLeast).has_value();
    const bool goes_back = back(date, Vr::DT, kLeast).has_value();
    moved += goes_forth && goes_back ? 1 : 0;
    for (const days by : {days(366), days(1000), days(2191), days(3651), kLargest}) {
      EXPECT_EQ(forth(date, Vr::DT, by).has_value(), goes_forth) << date;
      const auto original = back(date, Vr::DT, by);
      ASSERT_EQ(original.has_value(), goes_back) << date;
      if (!original) continue;
      EXPECT_EQ(forth(*original, Vr::DT, by), date.substr(0, date.find('+'))) << "as it came";
    }
  }
  EXPECT_GT(moved, 5'000);
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
