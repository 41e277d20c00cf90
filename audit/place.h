// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

namespace sekisho::audit {

/// Where a log lives (docs/formats/audit.md, "Files").
struct AuditPlace {
  /// Without an anchor.
  static AuditPlace in(const std::filesystem::path& directory);
  /// The file in the directory for anchors.
  static std::filesystem::path anchor_in(const std::filesystem::path& directory);

  std::filesystem::path database;      ///< audit.db
  std::filesystem::path signing_key;   ///< audit.key: Ed25519 with the log's origin, mode 0600
  std::filesystem::path verifier_key;  ///< audit.pub: its public half, for whoever verifies
  std::filesystem::path index_key;     ///< audit-index.key: keys the hashes of identifiers, 0600
  std::filesystem::path wrapping_key;  ///< audit-wrap.key: wraps the keys of the text, 0600
  /// audit.witness-times: checkpoints that prove how old entries are (proven_age.h).
  std::filesystem::path witness_times;
  /// audit.key.next: there only while a rotation is under way, or was when the machine stopped.
  std::filesystem::path next_signing_key;
  /// audit.reserve: room that is kept for the log (store/reserve.h).
  std::filesystem::path reserve;
  /// audit.anchor, in another directory: the newest head that may have been published.
  std::optional<std::filesystem::path> anchor;
};

}  // namespace sekisho::audit
