// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "audit/export/export_record.h"

namespace sekisho::audit {

/// Appends one cell, in quotes where RFC 4180 wants them. A cell that a spreadsheet would take for
/// a formula gets an apostrophe in front: a name is never run.
void append_csv_cell(std::string& out, std::string_view value);

/// The names of the columns, and one entry; each with its CR LF.
std::string csv_header();
std::string csv_row(const ExportRecord& record);

}  // namespace sekisho::audit
