// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/bytes.h"
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

/// The hashes that the bytes of a tile are, one behind the other; empty where they are none.
Hashes hashes_in(core::ByteView bytes);

/// The root of a subtree (as SubtreeRoots names it), of which `tile` has hashes. Throws
/// std::out_of_range where it has too few.
core::Sha256 root_in_tile(unsigned level, std::uint64_t index,
                          const std::function<const Hashes&(TileId)>& tile);

}  // namespace sekisho::audit
