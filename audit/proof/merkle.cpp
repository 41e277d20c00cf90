// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/merkle.h"

#include <bit>
#include <stdexcept>

namespace sekisho::audit {
namespace {

constexpr core::Byte kLeafPrefix[] = {0x00};
constexpr core::Byte kNodePrefix[] = {0x01};

}  // namespace

core::Sha256 leaf_hash(core::ByteView entry) { return core::sha256({kLeafPrefix, entry}); }

core::Sha256 node_hash(const core::Sha256& left, const core::Sha256& right) {
  return core::sha256({kNodePrefix, left, right});
}

Tree::Tree(std::uint64_t size, std::vector<core::Sha256> edge)
    : size_(size), edge_(std::move(edge)) {
  if (edge_.size() != static_cast<std::size_t>(std::popcount(size_))) {
    throw std::invalid_argument("a tree's edge has one hash for each 1 bit of its size");
  }
}

void Tree::append(const core::Sha256& leaf) {
  core::Sha256 hash = leaf;
  // Each trailing 1 bit of the size is a perfect subtree that the new one completes.
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = node_hash(edge_.back(), hash);
    edge_.pop_back();
  }
  edge_.push_back(hash);
  ++size_;
}

core::Sha256 Tree::root() const {
  if (edge_.empty()) return core::sha256(core::ByteView{});
  core::Sha256 hash = edge_.back();
  for (auto left = edge_.rbegin() + 1; left != edge_.rend(); ++left) hash = node_hash(*left, hash);
  return hash;
}

}  // namespace sekisho::audit
