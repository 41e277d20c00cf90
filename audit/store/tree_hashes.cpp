// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/tree_hashes.h"

#include <utility>

#include "audit/error.h"
#include "audit/proof/merkle.h"

namespace sekisho::audit {

using core::Sha256;

Hashes sound_tile(core::ByteView bytes) {
  Hashes hashes = hashes_in(bytes);
  if (hashes.empty()) {
    throw AuditError("a tile of the audit log is damaged: run sekisho-audit verify");
  }
  return hashes;
}

Hashes stored_tile(StoredLog& log, TileId tile) {
  const auto bytes = log.tile(tile);
  return bytes ? sound_tile(*bytes) : Hashes();
}

const Hashes& TreeHashes::tile(TileId tile) {
  if (const auto known = read_.find(tile); known != read_.end()) return known->second;
  const std::uint64_t width = tile_width(tile, size_);
  const bool is_open = tile.level == 0 && width < kTileWidth;
  const std::uint64_t begin = tile.place * kTileWidth;
  Hashes hashes = is_open ? leaf_hashes(log_, begin, begin + width) : stored_tile(log_, tile);
  if (width == 0 || hashes.size() < width) {
    throw AuditError("a tile of the audit log is missing: run sekisho-audit verify");
  }
  hashes.resize(width);  // the tree may be an earlier one
  return read_.emplace(tile, std::move(hashes)).first->second;
}

Sha256 TreeHashes::root(unsigned level, std::uint64_t index) {
  return root_in_tile(level, index, [this](TileId id) -> const Hashes& { return tile(id); });
}

std::uint64_t pruned_before(StoredLog& log) {
  const auto boundary = log.pruned();
  return boundary ? boundary->before : 0;
}

Hashes leaf_hashes(StoredLog& log, std::uint64_t begin, std::uint64_t end) {
  PrunedLeaves pruned(log);
  Hashes hashes;
  hashes.reserve(end - begin);
  const auto fill_up = [&](std::uint64_t seq) {
    while (begin + hashes.size() < seq) hashes.push_back(pruned.leaf(begin + hashes.size()));
  };
  const StoredLog::Range range{.first = static_cast<std::int64_t>(begin),
                               .last = static_cast<std::int64_t>(end) - 1};
  log.read_entries(range, [&](std::int64_t seq, const EntryBytes& entry) {
    fill_up(static_cast<std::uint64_t>(seq));
    hashes.push_back(leaf_hash(entry.leaf));
  });
  fill_up(end);
  return hashes;
}

const Sha256& PrunedLeaves::leaf(std::uint64_t seq) {
  if (seq >= before_) throw AuditError("the audit log lacks an entry: run sekisho-audit verify");
  const std::uint64_t place = seq / kTileWidth;
  if (tile_.empty() || place != place_) {
    place_ = place;
    tile_ = stored_tile(log_, {0, place});
    if (tile_.size() != kTileWidth) {
      tile_.clear();
      throw AuditError("a tile of the audit log is missing: run sekisho-audit verify");
    }
  }
  return tile_[seq % kTileWidth];
}

}  // namespace sekisho::audit
