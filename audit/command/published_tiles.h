// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>

#include "audit/proof/hash_tiles.h"
#include "audit/proof/proof.h"

namespace sekisho::audit {

/// The hashes of a log in a directory as `sekisho-audit publish` or any C2SP tlog-tiles client
/// leaves it. Nothing in it is believed: what it says is to be proven. One thread at a time.
class PublishedTiles {
 public:
  explicit PublishedTiles(std::filesystem::path directory) : directory_(std::move(directory)) {}
  /// For proofs. Throws AuditError for a tile that is missing, or has too few hashes.
  core::Sha256 root(unsigned level, std::uint64_t index);
  SubtreeRoots roots() {
    return [this](unsigned level, std::uint64_t index) { return root(level, index); };
  }

 private:
  const Hashes& tile(TileId id);

  const std::filesystem::path directory_;
  std::map<TileId, Hashes> read_;
};

}  // namespace sekisho::audit
