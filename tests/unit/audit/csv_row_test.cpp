// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/csv_row.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sekisho::audit {
namespace {

using core::CsvReader;

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

TEST(Csv, TellsExcelThatItIsUtf8) {
  EXPECT_EQ(csv_header(CsvReader::excel), "\xEF\xBB\xBF" + csv_header(CsvReader::program));
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
