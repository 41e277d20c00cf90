// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/sqlite/tile_table.h"

#include <cassert>

#include "audit/store/tree_hashes.h"

namespace sekisho::audit {
namespace {

using core::Sha256;

core::ByteView as_bytes(std::span<const Sha256> hashes) {
  static_assert(sizeof(Sha256) == 32);
  return {reinterpret_cast<const core::Byte*>(hashes.data()), hashes.size_bytes()};
}

}  // namespace

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
  if (find_.executeStep()) hashes = sound_tile(core::db::bytes_of(find_.getColumn(0)));
  find_.reset();
  return hashes;
}

}  // namespace sekisho::audit
