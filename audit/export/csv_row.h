// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "audit/export/export_record.h"

namespace sekisho::audit {

/// Who opens the file. Excel takes UTF-8 for UTF-8 behind a byte order mark alone, which programs
/// stumble over, and makes a number of an ID of digits, without its zeros in front.
enum class CsvReader { program, excel };

/// Appends one cell, in quotes where RFC 4180 wants them. A cell that a spreadsheet would take for
/// a formula gets an apostrophe in front: a name is never run.
void append_csv_cell(std::string& out, std::string_view value, CsvReader reader);

/// The names of the columns, and one entry; each with its CR LF. Several values in one cell have a
/// backslash between them, as in DICOM (PS3.5 §6.4); facts are a JSON object.
std::string csv_header(CsvReader reader);
std::string csv_row(const ExportRecord& record, CsvReader reader);

}  // namespace sekisho::audit
