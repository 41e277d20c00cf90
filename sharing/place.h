// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace sekisho::sharing {

/// Where the shares live: files that belong together (docs/formats/sharing.md).
struct SharingPlace {
  static SharingPlace in(const std::filesystem::path& directory);

  std::filesystem::path database;       ///< sharing.db
  std::filesystem::path mask_key;       ///< mask.key: wraps the pseudonym keys in it, mode 0600
  std::filesystem::path next_mask_key;  ///< mask.key.next: while a new one takes its place
};

}  // namespace sekisho::sharing
