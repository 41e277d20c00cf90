// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/signed_hashes.h"

#include <algorithm>
#include <bit>
#include <span>

#include "audit/error.h"
#include "audit/proof/merkle.h"
#include "audit/store/tree_hashes.h"

namespace sekisho::audit {

SignedHashes::SignedHashes(StoredLog& log, const Checkpoint& head)
    : size_(head.size), edge_(edge_of(log, head)), log_(log) {}

SignedHashes::Edge SignedHashes::edge_of(StoredLog& log, const Checkpoint& head) {
  const auto heads = log.heads();
  if (heads.empty()) return {};
  const core::ByteView bytes = heads.front().edge;
  const auto count = static_cast<std::size_t>(std::popcount(head.size));
  if (bytes.size() != count * sizeof(core::Sha256)) return {};
  std::vector<core::Sha256> hashes(count);
  Edge edge;
  std::uint64_t rest = head.size;
  for (std::size_t i = 0; i < count; ++i) {
    std::ranges::copy(bytes.subspan(i * sizeof(core::Sha256), sizeof(core::Sha256)),
                      hashes[i].begin());
    const auto height = static_cast<unsigned>(std::bit_width(rest) - 1);
    edge.emplace(height, hashes[i]);
    rest -= std::uint64_t{1} << height;
  }
  return Tree(head.size, std::move(hashes)).root() == head.root ? edge : Edge{};
}

const Hashes* SignedHashes::leaves(std::uint64_t place) {
  if (tile_width({0, place}, size_) != kTileWidth) return nullptr;
  return find({0, place});
}

std::vector<SignedHashes::Subtree> SignedHashes::tail() const {
  std::vector<Subtree> subtrees;
  std::uint64_t begin = size_ - size_ % kTileWidth;
  for (auto root = edge_.rbegin(); root != edge_.rend(); ++root) {
    if (root->first >= kTileHeight) continue;
    const std::uint64_t end = begin + (std::uint64_t{1} << root->first);
    subtrees.push_back({begin, end, root->second});
    begin = end;
  }
  return subtrees;
}

/// Null where the stored one, if any, is not what the head was made of.
const Hashes* SignedHashes::find(TileId tile) {
  const auto known = known_.find(tile);
  if (known != known_.end()) return known->second ? &*known->second : nullptr;
  std::optional<Hashes> found;
  try {
    found = stored_tile(log_, tile);
    if (!leads_to_root(tile, *found)) found.reset();
  } catch (const AuditError&) {
    found.reset();  // the row is no tile
  }
  const auto& kept = known_.emplace(tile, std::move(found)).first->second;
  return kept ? &*kept : nullptr;
}

bool SignedHashes::leads_to_root(TileId tile, const Hashes& hashes) {
  const std::uint64_t width = tile_width(tile, size_);
  if (hashes.size() != width || width == 0) return false;
  if (width < kTileWidth) return fits_edge(tile, hashes);
  const Hashes* const above = find({tile.level + 1, tile.place / kTileWidth});
  return above != nullptr && (*above)[tile.place % kTileWidth] == tile_root(hashes);
}

/// The last tile of a level: its perfect subtrees, largest first, are those of the edge.
bool SignedHashes::fits_edge(TileId tile, const Hashes& hashes) const {
  std::span<const core::Sha256> rest = hashes;
  for (unsigned height = kTileHeight; height-- > 0;) {
    const std::size_t count = std::size_t{1} << height;
    if ((hashes.size() & count) == 0) continue;
    const auto root = edge_.find(tile.level * kTileHeight + height);
    if (root == edge_.end() || root->second != tile_root(rest.first(count))) return false;
    rest = rest.subspan(count);
  }
  return true;
}

}  // namespace sekisho::audit
