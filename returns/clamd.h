// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "returns/scanner.h"

namespace sekisho::returns {

struct ClamdOptions {
  std::filesystem::path socket;      ///< of the service on this machine
  std::chrono::seconds longest{60};  ///< that one stream may take
  /// StreamMaxLength of clamd.conf: what is larger is unscannable, and is not sent.
  std::uint64_t stream_bytes = 25ULL << 20;
};

/// Asks clamd (clamd(8), INSTREAM), over a connection of its own. "OK" alone is clean: a stream
/// that is beyond a limit of clamd's is unscannable, where it says so
/// (AlertExceedsMax), and everything else that it says is trouble.
std::variant<Finding, ScannerTrouble> ask_clamd(const ClamdOptions& options, core::ByteView stream,
                                                const core::Demand& demand);

}  // namespace sekisho::returns
