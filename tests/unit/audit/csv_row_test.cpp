// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/csv_row.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sekisho::audit {
namespace {

std::string cell(std::string_view value) {
  std::string out;
  append_csv_cell(out, value);
  return out;
}

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(cell("plain text"), "plain text");
  EXPECT_EQ(cell(""), "");
  EXPECT_EQ(cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cell("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(cell("two\r\nlines"), "\"two\r\nlines\"");
}

TEST(Csv, DisarmsFormulas) {
  for (const std::string formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
    EXPECT_EQ(cell(formula), "\"'" + formula + '"');
  }
  EXPECT_EQ(cell("a=1"), "a=1");
}

TEST(Csv, HasAsManyCellsAsColumns) {
  ExportRecord record;
  record.entry.facts = {{"a", "1"}, {"b", "2"}};
  record.text.objects = {{"P1", "1.2", "", ""}, {"P2", "1.2", "", ""}};
  const std::string row = csv_row(record);
  const std::string header = csv_header();
  EXPECT_EQ(std::count(row.begin(), row.end(), ','), std::count(header.begin(), header.end(), ','));
  EXPECT_NE(row.find(",P1 P2,1.2,"), std::string::npos) << row;
  EXPECT_NE(row.find(",a=1 b=2,"), std::string::npos) << row;
  EXPECT_TRUE(row.ends_with("\r\n") && header.ends_with("\r\n"));
}

}  // namespace
}  // namespace sekisho::audit
