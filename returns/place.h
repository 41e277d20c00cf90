// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace sekisho::returns {

/// Where the quarantine lives: files that belong together (docs/formats/returns.md).
struct ReturnsPlace {
  static ReturnsPlace in(const std::filesystem::path& directory) {
    return {directory / "returns.db", directory / "returns.key"};
  }

  std::filesystem::path database;  ///< returns.db
  std::filesystem::path key;       ///< returns.key: seals what lies in it, mode 0600
};

}  // namespace sekisho::returns
