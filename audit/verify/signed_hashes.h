// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "audit/proof/hash_tiles.h"
#include "audit/proof/note.h"
#include "audit/store/stored_log.h"

namespace sekisho::audit {

/// What the tree of a head was made of, as far as the log still has hashes that lead to its
/// root: to tell which entries are not what they were. Reads inside a snapshot of the caller's.
/// One thread; throws core::DatabaseError.
class SignedHashes {
 public:
  SignedHashes(StoredLog& log, const Checkpoint& head);

  /// The leaves of a full tile; null where what the log has for them does not lead to the
  /// root.
  const Hashes* leaves(std::uint64_t place);

  /// A perfect subtree of which the root alone is known.
  struct Subtree {
    std::uint64_t begin;
    std::uint64_t end;
    core::Sha256 root;
  };
  /// Of the leaves behind the last full tile; empty where the edge does not lead to the root.
  std::vector<Subtree> tail() const;

 private:
  using Edge = std::map<unsigned, core::Sha256>;  ///< by the binary logarithm of their leaves

  static Edge edge_of(StoredLog& log, const Checkpoint& head);
  const Hashes* find(TileId tile);
  bool leads_to_root(TileId tile, const Hashes& hashes);
  bool fits_edge(TileId tile, const Hashes& hashes) const;

  const std::uint64_t size_;
  const Edge edge_;  ///< empty where the log's does not give the root
  StoredLog& log_;
  std::map<TileId, std::optional<Hashes>> known_;
};

}  // namespace sekisho::audit
