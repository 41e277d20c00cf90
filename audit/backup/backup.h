// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/advance.h"
#include "core/time.h"

namespace sekisho::audit {

/// What back_up() has made.
struct Backup {
  std::uint64_t entries = 0;          ///< of the log
  std::vector<std::string> left_out;  ///< names in the data directory that are no part of it
};

/// Copies the data directory to `to`, which is not there yet, while the service writes at whatever
/// rate: each database in one reading, the shares first and the log last, so that nothing in the
/// copy lacks its record, and with each the keys that open it. The anchor is never in it, for an
/// older log would come back with an older anchor. The copy is there, verified and on disk, or
/// nothing is. Throws AuditError, core::DatabaseError or std::system_error.
Backup back_up(const std::filesystem::path& data, const std::filesystem::path& to,
               const Advance& advance = no_advance,
               const core::Clock& clock = core::system_clock());

}  // namespace sekisho::audit
