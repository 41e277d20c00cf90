// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sekisho::core {

/// Who opens the file. Excel takes UTF-8 for UTF-8 behind a byte order mark alone, which programs
/// stumble over, and makes a number of an ID of digits, without its zeros in front.
enum class CsvReader { program, excel };

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Appends one cell, in quotes where RFC 4180 wants them. A cell that a spreadsheet would take for
/// a formula gets an apostrophe in front: a name is never run.
void append_csv_cell(std::string& out, std::string_view value, CsvReader reader);

}  // namespace sekisho::core
