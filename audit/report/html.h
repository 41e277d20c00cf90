// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/report/document.h"

namespace sekisho::audit::report {

/// One file that needs nothing else and runs nothing, with the evidence at its end. The same
/// document and evidence give the same bytes.
std::string write_html(const Document& document, std::string_view evidence);

/// The evidence that such a file carries; `nullopt` where it has none.
std::optional<std::string> evidence_in_html(std::string_view html);

}  // namespace sekisho::audit::report
