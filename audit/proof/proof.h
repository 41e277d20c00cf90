// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/digest.h"

namespace sekisho::audit {

/// The root of the perfect subtree of 2^level leaves that begins at leaf index · 2^level. Whoever
/// asks stays inside the tree.
using SubtreeRoots = std::function<core::Sha256(unsigned level, std::uint64_t index)>;

/// Of the tree of the first `size` leaves, at least one.
core::Sha256 tree_root(std::uint64_t size, const SubtreeRoots& roots);

using Proof = std::vector<core::Sha256>;

/// RFC 6962 §2.1.1, PATH(seq, D[size]): at most 64 hashes, from the leaf up. Throws
/// std::invalid_argument unless seq < size.
Proof inclusion_proof(std::uint64_t seq, std::uint64_t size, const SubtreeRoots& roots);
/// RFC 6962 §2.1.2, PROOF(old_size, D[size]). Empty where the sizes are equal or the old one is 0.
/// Throws std::invalid_argument unless old_size ≤ size.
Proof consistency_proof(std::uint64_t old_size, std::uint64_t size, const SubtreeRoots& roots);

/// Whether the proof shows that `leaf` is entry `seq` of the tree of that size and root.
bool is_included(const core::Sha256& leaf, std::uint64_t seq, std::uint64_t size,
                 const core::Sha256& root, std::span<const core::Sha256> proof);

/// A tree by its size and root.
struct TreeHead {
  std::uint64_t size = 0;
  core::Sha256 root{};
};
/// Whether the proof shows that `old_head` is of the same log, earlier. Of an empty tree every log
/// is a continuation: its root is not looked at.
bool is_continued(const TreeHead& old_head, const TreeHead& head,
                  std::span<const core::Sha256> proof);

}  // namespace sekisho::audit
