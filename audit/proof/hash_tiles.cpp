// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/hash_tiles.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>

#include "audit/error.h"
#include "audit/proof/merkle.h"

namespace sekisho::audit {
namespace {

using core::Sha256;

core::ByteView as_bytes(std::span<const Sha256> hashes) {
  static_assert(sizeof(Sha256) == 32);
  return {reinterpret_cast<const core::Byte*>(hashes.data()), hashes.size_bytes()};
}

}  // namespace

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

TileTable::TileTable(core::db::Database& database)
    : insert_(database,
              "INSERT INTO audit_tile (level, place, hashes) VALUES (?1, ?2, ?3)"
              " ON CONFLICT DO UPDATE SET hashes = CAST(hashes || excluded.hashes AS BLOB)"),
      find_(database, "SELECT hashes FROM audit_tile WHERE level = ? AND place = ?") {}

void TileTable::insert(std::uint64_t place, const Hashes& leaves) {
  assert(leaves.size() == kTileWidth);
  TileId tile{0, place};
  add(tile, leaves);
  Sha256 root = tile_root(leaves);
  // The root of a full tile is a hash of the tile above, which it may fill in turn.
  while (true) {
    const bool fills = tile.place % kTileWidth == kTileWidth - 1;
    tile = {tile.level + 1, tile.place / kTileWidth};
    add(tile, {&root, 1});
    if (!fills) return;
    root = tile_root(find(tile));
  }
}

void TileTable::forget_failure() noexcept {
  insert_.tryReset();
  find_.tryReset();
}

void TileTable::add(TileId tile, std::span<const Sha256> hashes) {
  const core::ByteView bytes = as_bytes(hashes);
  insert_.reset();
  insert_.bind(1, static_cast<int>(tile.level));
  insert_.bind(2, static_cast<std::int64_t>(tile.place));
  core::db::bind_bytes(insert_, 3, bytes);
  insert_.exec();
}

Hashes TileTable::find(TileId tile) {
  find_.reset();
  find_.bind(1, static_cast<int>(tile.level));
  find_.bind(2, static_cast<std::int64_t>(tile.place));
  Hashes hashes;
  if (find_.executeStep()) {
    hashes = hashes_in(core::db::bytes_of(find_.getColumn(0)));
    if (hashes.empty()) {
      throw AuditError("a tile of the audit log is damaged: run sekisho-audit verify");
    }
  }
  find_.reset();
  return hashes;
}

TreeHashes::TreeHashes(core::db::Database& database, std::uint64_t size)
    : size_(size), table_(database), database_(database) {}

const Hashes& TreeHashes::tile(TileId tile) {
  if (const auto known = read_.find(tile); known != read_.end()) return known->second;
  const std::uint64_t width = tile_width(tile, size_);
  const bool is_open = tile.level == 0 && width < kTileWidth;
  const std::uint64_t begin = tile.place * kTileWidth;
  Hashes hashes = is_open ? leaf_hashes(database_, begin, begin + width) : table_.find(tile);
  if (width == 0 || hashes.size() < width) {
    throw AuditError("a tile of the audit log is missing: run sekisho-audit verify");
  }
  hashes.resize(width);  // the tree may be an earlier one
  return read_.emplace(tile, std::move(hashes)).first->second;
}

Sha256 TreeHashes::root(unsigned level, std::uint64_t index) {
  return root_in_tile(level, index, [this](TileId id) -> const Hashes& { return tile(id); });
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

std::uint64_t pruned_before(core::db::Database& database) {
  return static_cast<std::uint64_t>(
      database.execAndGet("SELECT coalesce(max(before), 0) FROM audit_pruned").getInt64());
}

Hashes leaf_hashes(core::db::Database& database, std::uint64_t begin, std::uint64_t end) {
  core::db::Statement entries(
      database, "SELECT seq, entry FROM audit_entry WHERE seq >= ? AND seq < ? ORDER BY seq");
  entries.bind(1, static_cast<std::int64_t>(begin));
  entries.bind(2, static_cast<std::int64_t>(end));
  PrunedLeaves pruned(database);
  Hashes hashes;
  hashes.reserve(end - begin);
  while (entries.executeStep()) {
    const auto seq = static_cast<std::uint64_t>(entries.getColumn(0).getInt64());
    while (begin + hashes.size() < seq) hashes.push_back(pruned.leaf(begin + hashes.size()));
    hashes.push_back(leaf_hash(core::db::bytes_of(entries.getColumn(1))));
  }
  while (begin + hashes.size() < end) hashes.push_back(pruned.leaf(begin + hashes.size()));
  return hashes;
}

PrunedLeaves::PrunedLeaves(core::db::Database& database)
    : before_(pruned_before(database)), table_(database) {}

const Sha256& PrunedLeaves::leaf(std::uint64_t seq) {
  if (seq >= before_) throw AuditError("the audit log lacks an entry: run sekisho-audit verify");
  const std::uint64_t place = seq / kTileWidth;
  if (tile_.empty() || place != place_) {
    place_ = place;
    tile_ = table_.find({0, place});
    if (tile_.size() != kTileWidth) {
      tile_.clear();
      throw AuditError("a tile of the audit log is missing: run sekisho-audit verify");
    }
  }
  return tile_[seq % kTileWidth];
}

}  // namespace sekisho::audit
