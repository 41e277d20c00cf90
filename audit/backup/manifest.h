// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/time.h"

namespace sekisho::audit {

/// What a copy of the data directory holds (docs/formats/audit.md, "Backups"). A value.
struct Manifest {
  struct File {
    std::filesystem::path name;  ///< below the directory of the copy
    core::Sha256 hash{};
  };

  core::Time made;
  std::string origin;         ///< of the log
  std::uint64_t entries = 0;  ///< that it has
  std::vector<File> files;

  std::string text() const;
  /// `nullopt` for what is none, or names files elsewhere than below the copy.
  static std::optional<Manifest> parse(std::string_view text);
};

}  // namespace sekisho::audit
