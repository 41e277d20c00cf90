// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/proof/hash_tiles.h"
#include "audit/proof/merkle.h"
#include "audit/store/stored_log.h"
#include "audit/verify/signed_hashes.h"

namespace sekisho::audit {

/// The tree of the entries as they are, compared with the stored tiles and with what the head was
/// made of: names the entries that have changed since. Reads inside a snapshot of the caller's. One
/// thread; throws core::DatabaseError.
class TreeCheck {
 public:
  using Report = std::function<void(std::string problem)>;

  /// `head`, if there is one, says what was signed.
  TreeCheck(StoredLog& log, const std::optional<Checkpoint>& head, Report report);

  /// The next leaf, in order.
  void add(const core::Sha256& leaf);
  /// An entry is missing from there on: those behind it do not stand where they stood.
  void lack(std::uint64_t begin);
  /// When all leaves are added.
  void finish();

  const Tree& tree() const { return tree_; }
  /// The first place at which the log is found to be another than the signed one.
  std::optional<std::uint64_t> first_change() const { return first_change_; }

 private:
  void compare_leaves(std::uint64_t place, Hashes& leaves);
  void compare_tile(TileId tile, std::span<const core::Sha256> hashes);
  void compare_tail();
  void changed(std::uint64_t begin, std::uint64_t end);
  const Hashes* signed_leaves(std::uint64_t place);

  StoredLog& log_;
  const std::optional<Checkpoint> head_;
  const Report report_;
  std::optional<SignedHashes> signed_;  ///< once something differs
  Tree tree_;
  std::vector<Hashes> open_tiles_{1};  ///< by level: what will be the next full one
  std::uint64_t tiles_expected_ = 0;
  std::optional<std::uint64_t> first_lack_;
  std::optional<std::uint64_t> first_change_;
};

}  // namespace sekisho::audit
