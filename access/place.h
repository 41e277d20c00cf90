// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace sekisho::access {

/// Where people and their sessions live: files that belong together (docs/formats/access.md).
struct AccessPlace {
  static AccessPlace in(const std::filesystem::path& directory);

  std::filesystem::path database;  ///< access.db
  std::filesystem::path key;       ///< access.key: seals the second factors in it, mode 0600
};

}  // namespace sekisho::access
