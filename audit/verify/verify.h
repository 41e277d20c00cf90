// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audit/advance.h"

namespace sekisho::audit {

/// What verify() found.
struct Verdict {
  bool sound() const { return problems.empty(); }

  std::string origin;                 ///< what the head names itself; empty if it cannot be read
  std::uint64_t entries = 0;          ///< entries read
  std::string root;                   ///< base64 of the root they give, as checkpoints spell it
  std::uint64_t objects = 0;          ///< rows of the index that were recomputed
  std::uint64_t unfinished = 0;       ///< intents without an outcome: a crash, not a fault
  std::vector<std::string> problems;  ///< where and what, in reading order; at most 100
};

/// Recomputes everything from the stored bytes: every leaf, the tree, the head, its signature under
/// `verifier_key` (a C2SP verifier key line, which pins the origin), the index and the list of
/// keys. The given key may be any that the log has had: its entries lead from one to the next.
/// Reads only; runs beside a writer; needs no secret. Its memory grows with unfinished
/// intents alone. Throws AuditError if the file cannot be read at all or the key is no key.
Verdict verify(const std::filesystem::path& database, std::string_view verifier_key,
               const Advance& advance = no_advance);

}  // namespace sekisho::audit
