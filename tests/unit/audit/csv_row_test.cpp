// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/csv_row.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sekisho::audit {
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

TEST(Csv, TellsSeveralValuesOfOneCellApart) {
  ExportRecord record;
  record.entry.facts = {{"options", "clean pixels b=2"}, {"reason", "disk \"2\" failed"}};
  record.text.objects = {{"P 1", "1.2", "", ""}, {"P2", "1.2", "", ""}};
  const std::string row = csv_row(record, CsvReader::program);
  EXPECT_NE(row.find(",P 1\\P2,1.2,"), std::string::npos) << row;
  EXPECT_NE(
      row.find(R"(,"{""options"":""clean pixels b=2"",""reason"":""disk \""2\"" failed""}",)"),
      std::string::npos)
      << row;
}

TEST(Csv, KeepsJapaneseAndZerosInFrontForExcel) {
  EXPECT_EQ(csv_header(CsvReader::excel), "\xEF\xBB\xBF" + csv_header(CsvReader::program));
  EXPECT_EQ(cell("0001234", CsvReader::excel), R"("=""0001234""")");
  EXPECT_EQ(cell("1234567890123456", CsvReader::excel), R"("=""1234567890123456""")");
  for (const char* as_it_is : {"0", "1234567", "P0001", "", "0001234-5"}) {
    EXPECT_EQ(cell(as_it_is, CsvReader::excel), as_it_is);
  }
  EXPECT_EQ(cell("=1+1", CsvReader::excel), "\"'=1+1\"");
  EXPECT_EQ(cell("0001234"), "0001234");
}

TEST(Csv, HasAsManyCellsAsColumns) {
  ExportRecord record;
  record.entry.facts = {{"a", "1"}, {"b", "2"}};
  record.text.objects = {{"P1", "1.2", "", ""}, {"P2", "1.2", "", ""}};
  const std::string row = csv_row(record, CsvReader::program);
  const std::string header = csv_header(CsvReader::program);
  EXPECT_EQ(std::count(row.begin(), row.end(), ','),
            std::count(header.begin(), header.end(), ',') + 1)
      << "and one inside the facts";
  EXPECT_TRUE(row.ends_with("\r\n") && header.ends_with("\r\n"));
}

}  // namespace
}  // namespace sekisho::audit
