// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/merkle.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// The leaves that Certificate Transparency's own tests use, and the roots of their trees.
struct Step {
  const char* leaf;
  const char* root;
};
constexpr Step kSteps[] = {
    {"", "6e340b9c"},
    {"00", "fac54203"},
    {"10", "aeb6bcfe"},
    {"2021", "d37ee418"},
    {"3031", "4e3bbb1f"},
    {"40414243", "76e67dad"},
    {"5051525354555657", "ddb89be4"},
    {"606162636465666768696a6b6c6d6e6f", "5dc9da79"},
};

/// RFC 6962 §2.1 word for word, to hold the incremental tree against.
core::Sha256 recursive_root(std::span<const core::Sha256> leaves) {
  if (leaves.empty()) return core::sha256(core::ByteView{});
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return node_hash(recursive_root(leaves.first(split)), recursive_root(leaves.subspan(split)));
}

TEST(Tree, HasTheRootsOfRfc6962) {
  Tree tree;
  for (const Step& step : kSteps) {
    tree.append(leaf_hash(*core::from_hex(step.leaf)));
    EXPECT_EQ(core::to_hex(tree.root()).substr(0, 8), step.root) << "size " << tree.size();
  }
}

TEST(Tree, OfNothingHasTheHashOfNothing) {
  EXPECT_EQ(core::to_hex(Tree().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Tree, AgreesWithTheRecursiveDefinitionAtEverySize) {
  Tree tree;
  std::vector<core::Sha256> leaves;
  for (core::Byte i = 0; i < 130; ++i) {
    const core::Byte entry[] = {i};
    leaves.push_back(leaf_hash(entry));
    tree.append(leaves.back());
    ASSERT_EQ(tree.root(), recursive_root(leaves)) << "size " << leaves.size();
  }
}

TEST(Tree, GoesOnFromAStoredEdge) {
  Tree whole;
  for (core::Byte i = 0; i < 100; ++i) {
    const core::Byte entry[] = {i};
    whole.append(leaf_hash(entry));
    Tree taken_up(whole.size(), whole.edge());
    ASSERT_EQ(taken_up.root(), whole.root());
    taken_up.append(leaf_hash(entry));
    Tree next = whole;
    next.append(leaf_hash(entry));
    ASSERT_EQ(taken_up.root(), next.root());
  }
}

TEST(Tree, RefusesAnEdgeOfAnotherSize) {
  EXPECT_THROW(Tree(3, {core::Sha256{}}), std::invalid_argument);
  EXPECT_THROW(Tree(0, {core::Sha256{}}), std::invalid_argument);
  EXPECT_NO_THROW(Tree(3, {core::Sha256{}, core::Sha256{}}));
}

TEST(Merkle, LeavesAndNodesNeverHashAlike) {
  const core::Sha256 left{};
  const core::Sha256 right{};
  core::Bytes both(left.begin(), left.end());
  both.insert(both.end(), right.begin(), right.end());
  EXPECT_NE(leaf_hash(both), node_hash(left, right));
}

}  // namespace
}  // namespace sekisho::audit
