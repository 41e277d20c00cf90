// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/report/document.h"

namespace sekisho::audit::report {

/// The report on A4 pages, its fonts in it. `html_sha256` is told on the last page: it is what the
/// file with the evidence has. The same document gives the same bytes wherever fonts and libraries
/// are the same. Throws AuditError where no font here has Japanese.
std::string write_pdf_pages(const Document& document, const std::string& html_sha256);

}  // namespace sekisho::audit::report
