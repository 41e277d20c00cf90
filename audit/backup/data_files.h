// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sekisho::audit {

// What the data directory consists of (docs/architecture.md, "Data at rest").

inline constexpr std::string_view kSharesDatabase = "sharing.db";
/// People who sign in, and their sessions.
inline constexpr std::string_view kAccessDatabase = "access.db";
/// What came back and is not in the archive yet.
inline constexpr std::string_view kReturnsDatabase = "returns.db";
inline constexpr std::string_view kLogDatabase = "audit.db";
/// Beside them, as long as a rotation is under way, the next one.
inline constexpr const char* kSharesKeys[] = {"mask.key", "mask.key.next"};
inline constexpr const char* kAccessKeys[] = {"access.key"};
inline constexpr const char* kReturnsKeys[] = {"returns.key"};
inline constexpr const char* kLogKeys[] = {"audit.pub", "audit-index.key", "audit-wrap.key",
                                           "audit.key", "audit.key.next"};
/// Replaced as wholes, and never ahead of the log.
inline constexpr const char* kLogNotes[] = {"audit.witnessed", "audit.witness-times",
                                            "audit-repository.position"};
/// Room on the disk, no data: made anew where it is missing.
inline constexpr std::string_view kReserve = "audit.reserve";
/// Directories with what `recover` set aside: evidence that nobody writes to any more.
inline constexpr std::string_view kSetAsidePrefix = "before-";

/// What can be worked out again: no part of a copy.
inline constexpr std::string_view kCache = "cache.db";

/// Beside the files of the data directory, in a copy of it.
inline constexpr std::string_view kManifest = "manifest";
inline constexpr std::string_view kCheckpoint = "checkpoint";

/// A copy of a file, mode 0600, on disk when this returns. Throws std::system_error.
void copy_private_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// All that stands in it. Throws std::system_error.
void sync_file(const std::filesystem::path& file);
/// The verifier key, which need not be secret. Throws AuditError.
std::string read_verifier_line(const std::filesystem::path& file);

}  // namespace sekisho::audit
