// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "audit/moment.h"
#include "core/time.h"

namespace sekisho::audit {

/// The log cannot be written or is not what it should be: nothing may be served.
class AuditError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a log lives: five files (docs/formats/audit.md, "Files").
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
  /// audit.anchor, in another directory: the newest head that may have been published.
  std::optional<std::filesystem::path> anchor;
};

struct Event;

/// Makes the keys and a log whose first entry (seq 0, "log.open") says what it is, and its anchor
/// where the place has one. The directories exist already. Throws AuditError if any of the files
/// exists; leaves none behind on failure.
void initialise(const AuditPlace& place, std::string_view origin,
                const core::Clock& clock = core::system_clock(),
                const Uptime& uptime = boot_time());
/// The same for a log that takes the place of the one in `before`: its entry 1 is `event`, which
/// has no objects, and the keys of hashes and of text are that log's, where it has them.
void initialise_after(const AuditPlace& before, const Event& event, const AuditPlace& place,
                      std::string_view origin, const core::Clock& clock, const Uptime& uptime);

}  // namespace sekisho::audit
