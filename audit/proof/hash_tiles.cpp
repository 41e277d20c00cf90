// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/hash_tiles.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "audit/proof/merkle.h"

namespace sekisho::audit {

using core::Sha256;

std::uint64_t tile_width(TileId tile, std::uint64_t size) {
  const unsigned shift = kTileHeight * tile.level;
  const std::uint64_t hashes = shift < 64 ? size >> shift : 0;
  const std::uint64_t full = hashes / kTileWidth;
  if (tile.place < full) return kTileWidth;
  return tile.place == full ? hashes % kTileWidth : 0;
}

TileBuilder::TileBuilder(std::uint64_t size, Hashes leaves)
    : size_(size), leaves_(std::move(leaves)) {
  assert(leaves_.size() == size % kTileWidth);
}

std::optional<Hashes> TileBuilder::append(const Sha256& leaf) {
  leaves_.push_back(leaf);
  if (++size_ % kTileWidth != 0) return std::nullopt;
  return std::exchange(leaves_, {});
}

Sha256 tile_root(std::span<const Sha256> hashes) {
  Tree tree;
  for (const Sha256& hash : hashes) tree.append(hash);
  return tree.root();
}

Hashes hashes_in(core::ByteView bytes) {
  Hashes hashes(bytes.size() / sizeof(Sha256));
  if (hashes.size() > kTileWidth || bytes.size() % sizeof(Sha256) != 0) return {};
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    std::ranges::copy(bytes.subspan(i * sizeof(Sha256), sizeof(Sha256)), hashes[i].begin());
  }
  return hashes;
}

Sha256 root_in_tile(unsigned level, std::uint64_t index,
                    const std::function<const Hashes&(TileId)>& tile) {
  const unsigned above = level % kTileHeight;
  const std::uint64_t first = index << above;  // of the hashes of its tile's level
  const Hashes& hashes = tile({level / kTileHeight, first / kTileWidth});
  const std::size_t begin = first % kTileWidth;
  const std::size_t count = std::size_t{1} << above;
  if (begin + count > hashes.size()) throw std::out_of_range("no such subtree in the log");
  return tile_root(std::span(hashes).subspan(begin, count));
}

}  // namespace sekisho::audit
