// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::audit::report {

/// What a PDF report consists of.
struct PdfFile {
  std::string_view pages;  ///< a PDF by itself
  std::string_view html;   ///< the file that is attached to it
};

/// Attaches `html` to a PDF as report.html: an incremental update (ISO 32000-1 §7.5.6) with an
/// embedded file (§7.11.4). `pages` is what cairo writes: throws AuditError for another form.
std::string attach(std::string_view pages, std::string_view html, std::string_view language);

/// Takes apart what attach() made; views into `pdf`. Nothing is proven by that: the caller attaches
/// anew and compares. `nullopt` for what was surely not made so.
std::optional<PdfFile> detach(std::string_view pdf);

}  // namespace sekisho::audit::report
