// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/report/evidence.h"

namespace sekisho::audit::report {

enum class Format { html, pdf };

/// The file. Throws AuditError where the evidence does not hold under `log`: what would convince
/// nobody is not written.
std::string write_report(const Evidence& evidence, const KeyChain& log, Format format);

/// What a check found.
struct Findings {
  enum class Verdict {
    proven,
    refused,
    untold,  ///< the evidence holds; whether what is to be seen is made of it cannot be told here
  };
  Verdict verdict = Verdict::refused;
  std::string why;  ///< in words, where it is not proven
  // Where it is not refused.
  std::optional<Evidence> evidence;
  Checkpoint tree;
  std::size_t acts = 0;
};

/// Whether every entry in the report is proven and all that is to be seen in it is made of them:
/// the whole file is made anew and compared byte for byte. For any bytes whatever.
Findings check_report(std::string_view file, const KeyChain& log);

}  // namespace sekisho::audit::report
