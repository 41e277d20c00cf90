// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "audit/advance.h"
#include "audit/moment.h"
#include "audit/place.h"
#include "audit/proof/note.h"
#include "core/time.h"

namespace sekisho::audit {

/// What recover() has made and left.
struct Recovery {
  NoteVerifier key;            ///< of the new log
  std::filesystem::path kept;  ///< the directory with all that there was of the log before
};

/// For a log that cannot be continued: its anchor says that entries are missing or are others, or
/// it is damaged or gone. Sets what is there of it aside, as it is, and makes a log of another
/// origin, whose second entry ("log.recover") says what was found, what the anchor said, and why.
/// Keys of hashes and of text are taken over, the anchor is replaced last but one, audit.key last:
/// whatever stops it, the service finds no log that it could continue, and the same call ends the
/// work.
///
/// `place` has an anchor, and no service holds it. Throws AuditError where there is nothing to
/// recover or the origin is one that a log here had before; for other trouble also
/// core::DatabaseError or std::system_error.
Recovery recover(const AuditPlace& place, std::string_view origin, std::string_view reason,
                 const core::Clock& clock = core::system_clock(),
                 const Uptime& uptime = boot_time(), const Advance& advance = no_advance);

}  // namespace sekisho::audit
