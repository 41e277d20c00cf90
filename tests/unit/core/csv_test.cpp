// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/csv.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

std::string cell(std::string_view value, CsvReader reader = CsvReader::program) {
  std::string out;
  append_csv_cell(out, value, reader);
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

TEST(Csv, KeepsZerosInFrontForExcel) {
  EXPECT_EQ(cell("0001234", CsvReader::excel), R"("=""0001234""")");
  EXPECT_EQ(cell("1234567890123456", CsvReader::excel), R"("=""1234567890123456""")");
  for (const char* as_it_is : {"0", "1234567", "P0001", "", "0001234-5"}) {
    EXPECT_EQ(cell(as_it_is, CsvReader::excel), as_it_is);
  }
  EXPECT_EQ(cell("=1+1", CsvReader::excel), "\"'=1+1\"");
  EXPECT_EQ(cell("0001234"), "0001234");
}

}  // namespace
}  // namespace sekisho::core
