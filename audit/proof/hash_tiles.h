// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "audit/proof/proof.h"
#include "core/database.h"
#include "core/digest.h"

namespace sekisho::audit {

/// Hashes that a full tile of C2SP tlog-tiles v0.1.0 has: a subtree of this many leaves, of which
/// the leaves are hashes of leaves (level 0) or roots of the tiles below.
inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = std::uint64_t{1} << kTileHeight;

using Hashes = std::vector<core::Sha256>;

/// Which one: tile `place` of its level spans the leaves from place · 256^(level+1) on.
struct TileId {
  unsigned level = 0;
  std::uint64_t place = 0;
  friend auto operator<=>(const TileId&, const TileId&) = default;
};

/// How many hashes it has in a tree of `size` leaves; 0: there is no such tile.
std::uint64_t tile_width(TileId tile, std::uint64_t size);

/// Grows with the tree, a leaf at a time. What it does not hand over is the unfinished tile of
/// level 0, which is made of the newest entries. A value.
class TileBuilder {
 public:
  /// Takes up a tree: `leaves` are the hashes of its unfinished tile.
  TileBuilder(std::uint64_t size, Hashes leaves);
  /// Returns the full tile of level 0 that the leaf has finished.
  std::optional<Hashes> append(const core::Sha256& leaf);
  /// Of the tile that append() returned last.
  std::uint64_t place() const { return size_ / kTileWidth - 1; }

 private:
  std::uint64_t size_;
  Hashes leaves_;
};

core::Sha256 tile_root(std::span<const core::Sha256> hashes);

/// The hashes that the bytes of a tile are; empty where they are none.
Hashes hashes_in(core::ByteView bytes);

/// The root of a subtree (as SubtreeRoots names it), of which `tile` has hashes. Throws
/// std::out_of_range where it has too few.
core::Sha256 root_in_tile(unsigned level, std::uint64_t index,
                          const std::function<const Hashes&(TileId)>& tile);

/// The table audit_tile: the full tiles of level 0, and of every level above all that there is.
/// One thread at a time; throws db::Error.
class TileTable {
 public:
  explicit TileTable(core::db::Database& database);
  /// Inside the transaction of the entries that it is made of. Tiles come in their order.
  void insert(std::uint64_t place, const Hashes& leaves);
  /// Empty where there is none. Throws AuditError for a row that is no tile.
  Hashes find(TileId tile);
  /// After an insert() that failed.
  void forget_failure() noexcept;

 private:
  void add(TileId tile, std::span<const core::Sha256> hashes);

  core::db::Statement insert_;
  core::db::Statement find_;
};

/// The hashes of the tree of the first `size` entries. Reads inside a transaction of the caller's
/// and keeps what it has read. One thread at a time; throws db::Error, or AuditError where the
/// table is not what it should be.
class TreeHashes {
 public:
  TreeHashes(core::db::Database& database, std::uint64_t size);
  /// tile_width() hashes of it; the caller knows that there is such a tile.
  const Hashes& tile(TileId tile);
  /// For proofs.
  core::Sha256 root(unsigned level, std::uint64_t index);
  SubtreeRoots roots() {
    return [this](unsigned level, std::uint64_t index) { return root(level, index); };
  }

 private:
  const std::uint64_t size_;
  TileTable table_;
  core::db::Database& database_;
  std::map<TileId, Hashes> read_;
};

/// Entries before that may have been pruned; 0 where none was. Throws db::Error.
std::uint64_t pruned_before(core::db::Database& database);

/// The hashes of leaves of which the entry is gone, as the tiles have them. One thread at a time.
class PrunedLeaves {
 public:
  explicit PrunedLeaves(core::db::Database& database);
  std::uint64_t before() const { return before_; }
  /// Throws AuditError where that entry cannot have been pruned or its tile is missing.
  const core::Sha256& leaf(std::uint64_t seq);

 private:
  const std::uint64_t before_;
  TileTable table_;
  std::uint64_t place_ = 0;
  Hashes tile_;
};

/// The hashes of the leaves from `begin` on, before `end`, recomputed from the entries; of pruned
/// ones as the tiles have them. Throws AuditError where one is missing.
Hashes leaf_hashes(core::db::Database& database, std::uint64_t begin, std::uint64_t end);

}  // namespace sekisho::audit
