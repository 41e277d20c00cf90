// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "audit/command/command_line.h"
#include "audit/place.h"
#include "core/time.h"

namespace sekisho::audit {

/// The log behind --data, with its anchor where --anchor names one.
AuditPlace place_of(const Options& options);

/// The first line of a file. Throws AuditError where there is none.
std::string read_first_line(const std::filesystem::path& file);
/// Throws AuditError where it cannot be read.
std::string read_whole_file(const std::filesystem::path& file);
/// What --key says, a verifier key line or a file that begins with one, else `file`'s.
std::string key_line(const Options& options, const std::filesystem::path& file);

/// From `from` on, and before `until`.
struct Period {
  std::optional<core::Time> from;
  std::optional<core::Time> until;
};

/// What --from and --until say: RFC 3339, or a day such as 2026-01-31 in local time, of which
/// --until takes in the whole. Throws UsageError, also where nothing lies between.
Period period_of(const Options& options);

}  // namespace sekisho::audit
