// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/digest.h"

namespace sekisho::audit {

/// RFC 6962 §2.1: SHA-256(0x00 ‖ entry) and SHA-256(0x01 ‖ left ‖ right).
core::Sha256 leaf_hash(core::ByteView entry);
core::Sha256 node_hash(const core::Sha256& left, const core::Sha256& right);

/// The right edge of an RFC 6962 tree: the roots of its perfect subtrees, largest first. All that
/// is needed to append and to know the root. A value.
class Tree {
 public:
  Tree() = default;
  /// Takes up a stored edge. `edge` has one hash for each 1 bit of `size`, highest bit first;
  /// throws std::invalid_argument otherwise.
  Tree(std::uint64_t size, std::vector<core::Sha256> edge);

  void append(const core::Sha256& leaf);
  std::uint64_t size() const { return size_; }
  const std::vector<core::Sha256>& edge() const { return edge_; }
  /// SHA-256 of nothing while the tree is empty.
  core::Sha256 root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<core::Sha256> edge_;
};

}  // namespace sekisho::audit
