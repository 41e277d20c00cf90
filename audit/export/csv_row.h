// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/export/export_record.h"
#include "core/csv.h"

namespace sekisho::audit {

/// The names of the columns, and one entry; each with its CR LF. Several values in one cell have a
/// backslash between them, as in DICOM (PS3.5 §6.4); facts are a JSON object.
std::string csv_header(core::CsvReader reader);
std::string csv_row(const ExportRecord& record, core::CsvReader reader);

}  // namespace sekisho::audit
