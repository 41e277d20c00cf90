// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>

#include "audit/proof/hash_tiles.h"
#include "audit/proof/proof.h"
#include "audit/store/stored_log.h"
#include "core/digest.h"

namespace sekisho::audit {

/// The hashes that are the bytes of a tile in a log. Throws AuditError where they are none.
Hashes sound_tile(core::ByteView bytes);

/// The hashes that a log has of a tile; empty where there is none. Throws AuditError for a row that
/// is no tile.
Hashes stored_tile(StoredLog& log, TileId tile);

/// The hashes of the tree of the first `size` entries. Reads inside a snapshot of the caller's and
/// keeps what it has read. One thread at a time; throws core::DatabaseError, or AuditError where
/// the tiles are not what they should be.
class TreeHashes {
 public:
  TreeHashes(StoredLog& log, std::uint64_t size) : size_(size), log_(log) {}
  /// tile_width() hashes of it; the caller knows that there is such a tile.
  const Hashes& tile(TileId tile);
  /// For proofs.
  core::Sha256 root(unsigned level, std::uint64_t index);
  SubtreeRoots roots() {
    return [this](unsigned level, std::uint64_t index) { return root(level, index); };
  }

 private:
  const std::uint64_t size_;
  StoredLog& log_;
  std::map<TileId, Hashes> read_;
};

/// Entries before that may have been pruned; 0 where none was. Throws core::DatabaseError.
std::uint64_t pruned_before(StoredLog& log);

/// The hashes of leaves of which the entry is gone, as the tiles have them. One thread at a time.
class PrunedLeaves {
 public:
  explicit PrunedLeaves(StoredLog& log) : before_(pruned_before(log)), log_(log) {}
  std::uint64_t before() const { return before_; }
  /// Throws AuditError where that entry cannot have been pruned or its tile is missing.
  const core::Sha256& leaf(std::uint64_t seq);

 private:
  const std::uint64_t before_;
  StoredLog& log_;
  std::uint64_t place_ = 0;
  Hashes tile_;
};

/// The hashes of the leaves from `begin` on, before `end`, recomputed from the entries; of pruned
/// ones as the tiles have them. Throws AuditError where one is missing.
Hashes leaf_hashes(StoredLog& log, std::uint64_t begin, std::uint64_t end);

}  // namespace sekisho::audit
