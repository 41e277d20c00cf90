// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "access/place.h"
#include "audit/place.h"
#include "core/setup_trouble.h"
#include "returns/place.h"
#include "sharing/place.h"

namespace sekisho::plugin {

/// The plugin's own directory: the shares with their key, people who sign in with theirs, the
/// access log with its keys.
struct DataDirectory {
  explicit DataDirectory(
      const std::filesystem::path& directory,
      const std::optional<std::filesystem::path>& anchor_directory = std::nullopt)
      : root(directory),
        sharing(sharing::SharingPlace::in(directory)),
        access(access::AccessPlace::in(directory)),
        log(audit::AuditPlace::in(directory)),
        returns(returns::ReturnsPlace::in(directory)),
        witnessed(directory / "audit.witnessed"),
        cache(directory / "cache.db") {
    if (anchor_directory) log.anchor = audit::AuditPlace::anchor_in(*anchor_directory);
  }

  std::filesystem::path root;
  sharing::SharingPlace sharing;
  access::AccessPlace access;  ///< made where it is missing: older installations have none
  audit::AuditPlace log;
  returns::ReturnsPlace returns;    ///< what came back and is not in the archive; made likewise
  std::filesystem::path witnessed;  ///< the newest checkpoint of the log that witnesses cosigned
  std::filesystem::path cache;      ///< what can be worked out again; may be deleted at any time
};

/// What a directory holds before it is used.
enum class Holdings {
  nothing,   ///< neither log nor database: a new installation
  log_only,  ///< a log made by sekisho-audit, waiting for its first start, or a lost sharing.db
  all,
};

/// Makes the directory (mode 0700; its parent exists) where it is missing, and looks what is in it
/// and where the anchor shall be. Throws core::SetupTrouble for what this process may not use, and
/// when a part is missing: what is left is evidence, it is never made anew.
Holdings prepare(const DataDirectory& directory);

/// Whether a disk has no room for what is to be opened: that of the directory, or of the anchor.
bool lacks_room(const DataDirectory& directory);

/// Where bodies lie while they arrive.
struct SpoolDirectory {
  std::filesystem::path path;
  std::string trouble{};  ///< for staff: why it is not the one that it should be
};
/// What is configured, or, where nothing is, the directory beside the data directory with "-spool"
/// behind its name; made (mode 0700; its parent exists) where it is missing. Throws
/// core::SetupTrouble where a configured one cannot be used. Where the other cannot, it is the data
/// directory, as in versions that had no other, and that is told.
SpoolDirectory prepare_spool(const DataDirectory& directory,
                             const std::optional<std::filesystem::path>& configured);

/// Trouble with what lies in the data directory, as everybody says it.
core::SetupTrouble data_trouble(const DataDirectory& directory, std::string what,
                                std::string reason, std::string remedy);

}  // namespace sekisho::plugin
