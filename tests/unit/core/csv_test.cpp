// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/csv.h"

#include <gtest/gtest.h>

#include <utility>

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
  for (const std::string formula : {"＝1+1", "＋81", "－1", "＠a", "'=1", "''＠a"}) {
    EXPECT_EQ(cell(formula), "\"'" + formula + '"');
  }
  for (const std::string plain : {"a=1", "'a", "'", "O'Brien"}) EXPECT_EQ(cell(plain), plain);
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

std::vector<CsvRow> rows_of(std::string_view text) {
  auto read = read_csv(text);
  EXPECT_TRUE(std::holds_alternative<std::vector<CsvRow>>(read)) << text;
  return std::get<std::vector<CsvRow>>(std::move(read));
}

TEST(CsvReading, TakesRowsApart) {
  const auto rows = rows_of(
      "\xEF\xBB\xBF"
      "a,b,c\r\n\r\n,\"x, \"\"y\"\"\r\nz\",\r\nlast,1,2");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].cells, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(rows[1].cells, (std::vector<std::string>{"", "x, \"y\"\r\nz", ""}));
  EXPECT_EQ(rows[2].cells, (std::vector<std::string>{"last", "1", "2"}));
  EXPECT_EQ(rows[0].line, 1U);
  EXPECT_EQ(rows[1].line, 3U);
  EXPECT_EQ(rows[2].line, 5U) << "a cell may have lines of its own";
  EXPECT_TRUE(rows_of("").empty());
  EXPECT_EQ(rows_of("a\n").size(), 1U);
  EXPECT_EQ(rows_of("a,").front().cells, (std::vector<std::string>{"a", ""}));
}

TEST(CsvReading, NamesTheLineThatCannotBeRead) {
  for (const auto& [text, line] : {std::pair{"a\nb,\"c\nd\n", "Line 2 "},
                                   {"a\n\"b\"c\n", "Line 2 "},
                                   {"a\"b", "Line 1 "},
                                   {"a\rb\n", "Line 1 "},
                                   {"\"", "Line 1 "}}) {
    const auto read = read_csv(text);
    ASSERT_TRUE(std::holds_alternative<CsvFlaw>(read)) << text;
    EXPECT_TRUE(std::get<CsvFlaw>(read).what.starts_with(line)) << std::get<CsvFlaw>(read).what;
  }
}

TEST(CsvReading, GivesBackWhatWasWritten) {
  for (const CsvReader reader : {CsvReader::program, CsvReader::excel}) {
    for (const char* value :
         {"", "plain", "a,b", "say \"x\"", "two\r\nlines", "=1+1", "+81 3", "-1", "@SUM(A1)", "＝1",
          "'=1", "''-1", "'a", "'", "0312345678", "1234567890123456", "=\"012\"", "=\"a\""}) {
      std::string line;
      append_csv_cell(line, value, reader);
      line += ",x\r\n";
      const auto rows = rows_of(line);
      ASSERT_EQ(rows.size(), 1U) << value;
      EXPECT_EQ(rows[0].cells, (std::vector<std::string>{value, "x"}));
    }
  }
}

}  // namespace
}  // namespace sekisho::core
