// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/proof.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "audit/proof/merkle.h"

namespace sekisho::audit {
namespace {

using core::Sha256;

/// The leaves from `begin` on that the largest perfect subtree holds which begins there and ends
/// at `end` or before.
unsigned largest_level(std::uint64_t begin, std::uint64_t end) {
  const unsigned fits = static_cast<unsigned>(std::bit_width(end - begin)) - 1;
  return begin == 0 ? fits : std::min(fits, static_cast<unsigned>(std::countr_zero(begin)));
}

/// The root over the leaves [begin, end), which must be a node of an RFC 6962 tree.
Sha256 root_over(std::uint64_t begin, std::uint64_t end, const SubtreeRoots& roots) {
  std::vector<Sha256> edge;
  for (std::uint64_t at = begin; at < end;) {
    const unsigned level = largest_level(at, end);
    edge.push_back(roots(level, at >> level));
    at += std::uint64_t{1} << level;
  }
  Sha256 root = edge.back();
  for (std::size_t i = edge.size() - 1; i-- > 0;) root = node_hash(edge[i], root);
  return root;
}

/// Where a tree of two or more leaves is split: the largest power of two below its size.
std::uint64_t split_of(std::uint64_t size) { return std::bit_floor(size - 1); }

/// On which side of the way up the next hash of a proof stands.
enum class Side { left, right };

/// The way from a node up to the root, hash by hash of a proof (RFC 9162 §2.1.3.2).
class Climb {
 public:
  /// `last` is the last node of the same level.
  Climb(std::uint64_t node, std::uint64_t last) : node_(node), last_(last) {}
  bool at_top() const { return last_ == 0; }
  /// One hash further.
  Side step() {
    const Side side = node_ % 2 == 1 || node_ == last_ ? Side::left : Side::right;
    while (side == Side::left && node_ % 2 == 0 && node_ != 0) go_up();
    go_up();
    return side;
  }

 private:
  void go_up() {
    node_ >>= 1;
    last_ >>= 1;
  }
  std::uint64_t node_;
  std::uint64_t last_;
};

}  // namespace

Sha256 tree_root(std::uint64_t size, const SubtreeRoots& roots) {
  return root_over(0, size, roots);
}

Proof inclusion_proof(std::uint64_t seq, std::uint64_t size, const SubtreeRoots& roots) {
  if (seq >= size) throw std::invalid_argument("no such entry in a tree of this size");
  Proof from_the_top;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + split_of(end - begin);
    if (seq < middle) {
      from_the_top.push_back(root_over(middle, end, roots));
      end = middle;
    } else {
      from_the_top.push_back(root_over(begin, middle, roots));
      begin = middle;
    }
  }
  return {from_the_top.rbegin(), from_the_top.rend()};
}

Proof consistency_proof(std::uint64_t old_size, std::uint64_t size, const SubtreeRoots& roots) {
  if (old_size > size) throw std::invalid_argument("a log does not shrink");
  if (old_size == 0 || old_size == size) return {};
  Proof from_the_top;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  // Goes down to the largest subtree that the old tree ends with.
  while (end != old_size) {
    const std::uint64_t middle = begin + split_of(end - begin);
    if (old_size <= middle) {
      from_the_top.push_back(root_over(middle, end, roots));
      end = middle;
    } else {
      from_the_top.push_back(root_over(begin, middle, roots));
      begin = middle;
    }
  }
  // Where that is the whole old tree, the verifier has its root already.
  if (begin != 0) from_the_top.push_back(root_over(begin, end, roots));
  return {from_the_top.rbegin(), from_the_top.rend()};
}

// RFC 9162 §2.1.3.2.
bool is_included(const Sha256& leaf, std::uint64_t seq, std::uint64_t size, const Sha256& root,
                 std::span<const Sha256> proof) {
  if (seq >= size) return false;
  Climb climb(seq, size - 1);
  Sha256 hash = leaf;
  for (const Sha256& sibling : proof) {
    if (climb.at_top()) return false;
    hash = climb.step() == Side::left ? node_hash(sibling, hash) : node_hash(hash, sibling);
  }
  return climb.at_top() && hash == root;
}

// RFC 9162 §2.1.4.2.
bool is_continued(const TreeHead& old_head, const TreeHead& head, std::span<const Sha256> proof) {
  if (old_head.size > head.size) return false;
  if (old_head.size == 0) return proof.empty();
  if (old_head.size == head.size) return proof.empty() && old_head.root == head.root;
  const bool is_whole = std::has_single_bit(old_head.size);
  if (!is_whole && proof.empty()) return false;
  const Sha256 first = is_whole ? old_head.root : proof.front();
  const std::uint64_t node = old_head.size - 1;
  const int shift = std::countr_one(node);
  Climb climb(node >> shift, (head.size - 1) >> shift);
  Sha256 old_hash = first;
  Sha256 hash = first;
  for (const Sha256& sibling : proof.subspan(is_whole ? 0 : 1)) {
    if (climb.at_top()) return false;
    if (climb.step() == Side::left) {
      old_hash = node_hash(sibling, old_hash);
      hash = node_hash(sibling, hash);
    } else {
      hash = node_hash(hash, sibling);
    }
  }
  return climb.at_top() && old_hash == old_head.root && hash == head.root;
}

}  // namespace sekisho::audit
