// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sekisho::core {

/// Who opens the file. Excel takes UTF-8 for UTF-8 behind a byte order mark alone, which programs
/// stumble over, and makes a number of an ID of digits, without its zeros in front.
enum class CsvReader { program, excel };

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Appends one cell, in quotes where RFC 4180 wants them. A cell that a spreadsheet would take for
/// a formula gets an apostrophe in front: a name is never run. One that looks as if it had got it
/// gets another.
void append_csv_cell(std::string& out, std::string_view value, CsvReader reader);

/// A row, and which line of the file it begins on (the first is 1).
struct CsvRow {
  std::size_t line;
  std::vector<std::string> cells;
};
/// Why a file cannot be read, as one sentence with the line.
struct CsvFlaw {
  std::string what;
};
/// The rows of a file, without empty lines and whatever append_csv_cell() put in front of a cell,
/// for either reader. Lines end with CR LF or LF; a byte order mark may stand in front.
std::variant<std::vector<CsvRow>, CsvFlaw> read_csv(std::string_view text);

}  // namespace sekisho::core
