// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "audit/advance.h"

namespace sekisho::audit {

/// What becomes of a copy that lacks entries which the anchor says were signed.
enum class Loss { refused, accepted };

/// What restore() has put in place.
struct Restored {
  std::uint64_t entries = 0;
  std::uint64_t missing = 0;  ///< that the anchor says were signed: the door stays shut
};

/// Puts a copy that back_up() made into `data`, an empty directory, whose owner gets the files:
/// when each is what the manifest says, the log is sound and, where the directory of an anchor is
/// given, continues what that says. audit.key comes last, so that a service finds a whole directory
/// or refuses it. Throws AuditError, core::DatabaseError or std::system_error; up to the last step
/// `data` is empty again then.
Restored restore(const std::filesystem::path& from, const std::filesystem::path& data,
                 const std::optional<std::filesystem::path>& anchor_directory, Loss loss,
                 const Advance& advance = no_advance);

}  // namespace sekisho::audit
