// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "audit/proof/hash_tiles.h"
#include "core/database.h"
#include "core/digest.h"

namespace sekisho::audit {

/// The table audit_tile as its writer has it: the full tiles of level 0, and of every level above
/// all that there is. One thread at a time; throws db::Error.
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

}  // namespace sekisho::audit
