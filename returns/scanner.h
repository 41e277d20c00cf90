// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "core/bytes.h"
#include "core/demand.h"
#include "returns/upload.h"

namespace sekisho::returns {

/// What a scanner says of one stream.
struct Finding {
  Verdict verdict = Verdict::clean;
  std::string signature{};  ///< of what was found; ASCII
};

/// Why it says nothing.
struct ScannerTrouble {
  enum class Of {
    scanner,  ///< whatever is sent meets it
    object,   ///< it may be this one that the scanner does not get over
  };
  Of of = Of::scanner;
  std::string text;  ///< goes behind "The scanner "; no word of the scanner's
};

/// Asks a scanner about a stream. Returns soon after the demand is over. Any thread.
using Scanner = std::function<std::variant<Finding, ScannerTrouble>(core::ByteView stream,
                                                                    const core::Demand&)>;

}  // namespace sekisho::returns
