// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/proof.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "audit/proof/merkle.h"

namespace sekisho::audit {
namespace {

constexpr std::uint64_t kLargest = 70;

/// The leaves 0, 1, 2 … and the trees of the first n of them.
class ProofTest : public testing::Test {
 protected:
  ProofTest() {
    Tree tree;
    heads_.push_back({0, tree.root()});
    for (std::uint64_t i = 0; i < kLargest; ++i) {
      const core::Byte entry[] = {static_cast<core::Byte>(i)};
      leaves_.push_back(leaf_hash(entry));
      tree.append(leaves_.back());
      heads_.push_back({tree.size(), tree.root()});
    }
  }

  SubtreeRoots roots_of(std::uint64_t size) const {
    return [this, size](unsigned level, std::uint64_t index) {
      EXPECT_LE((index + 1) << level, size) << "stays inside the tree";
      return root(level, index);
    };
  }
  core::Sha256 root(unsigned level, std::uint64_t index) const {
    if (level == 0) return leaves_.at(index);
    return node_hash(root(level - 1, 2 * index), root(level - 1, 2 * index + 1));
  }

  std::vector<core::Sha256> leaves_;
  std::vector<TreeHead> heads_;  ///< by size
};

TEST_F(ProofTest, ShowsEveryEntryOfEveryTree) {
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    for (std::uint64_t seq = 0; seq < size; ++seq) {
      const Proof proof = inclusion_proof(seq, size, roots_of(size));
      ASSERT_TRUE(is_included(leaves_[seq], seq, size, heads_[size].root, proof))
          << seq << " of " << size;
    }
  }
}

TEST_F(ProofTest, ShowsNoOtherEntryAndNoOtherTree) {
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    const std::uint64_t seq = size / 3;
    Proof proof = inclusion_proof(seq, size, roots_of(size));
    const auto shows = [&](std::uint64_t leaf, std::uint64_t at, std::uint64_t in) {
      return is_included(leaves_[leaf], at, in, heads_[in].root, proof);
    };
    for (std::uint64_t other = 0; other < size; ++other) {
      if (other == seq) continue;
      EXPECT_FALSE(shows(other, seq, size));
      EXPECT_FALSE(shows(seq, other, size)) << "back-dated";
    }
    EXPECT_FALSE(shows(seq, seq, size % kLargest + 1));
    EXPECT_FALSE(is_included(leaves_[seq], size, size, heads_[size].root, proof));
    for (core::Sha256& hash : proof) {
      hash[0] ^= 1;
      EXPECT_FALSE(shows(seq, seq, size));
      hash[0] ^= 1;
    }
    proof.push_back(leaves_[0]);
    EXPECT_FALSE(shows(seq, seq, size)) << "too long";
    proof.pop_back();
    if (proof.empty()) continue;
    proof.pop_back();
    EXPECT_FALSE(shows(seq, seq, size)) << "too short";
  }
}

TEST_F(ProofTest, ShowsThatEveryTreeContinuesEveryEarlierOne) {
  for (std::uint64_t size = 0; size <= kLargest; ++size) {
    for (std::uint64_t old_size = 0; old_size <= size; ++old_size) {
      const Proof proof = consistency_proof(old_size, size, roots_of(size));
      ASSERT_TRUE(is_continued(heads_[old_size], heads_[size], proof))
          << old_size << " in " << size;
    }
  }
}

TEST_F(ProofTest, ShowsNoRewrittenPast) {
  for (std::uint64_t size = 2; size <= kLargest; ++size) {
    for (std::uint64_t old_size = 1; old_size < size; ++old_size) {
      Proof proof = consistency_proof(old_size, size, roots_of(size));
      TreeHead old_head = heads_[old_size];
      old_head.root[31] ^= 1;
      EXPECT_FALSE(is_continued(old_head, heads_[size], proof));
      EXPECT_FALSE(is_continued(heads_[size], heads_[old_size], proof)) << "a shorter log";
      for (core::Sha256& hash : proof) {
        hash[5] ^= 4;
        EXPECT_FALSE(is_continued(heads_[old_size], heads_[size], proof));
        hash[5] ^= 4;
      }
      proof.push_back(leaves_[0]);
      EXPECT_FALSE(is_continued(heads_[old_size], heads_[size], proof)) << "too long";
      proof.resize(proof.size() - 2);
      EXPECT_FALSE(is_continued(heads_[old_size], heads_[size], proof)) << "too short";
    }
  }
  TreeHead other = heads_[3];
  other.root[0] ^= 1;
  EXPECT_FALSE(is_continued(heads_[3], other, {})) << "two trees of one size";
}

TEST_F(ProofTest, OfWhatIsNotInTheTreeIsRefused) {
  EXPECT_THROW(inclusion_proof(5, 5, roots_of(5)), std::invalid_argument);
  EXPECT_THROW(consistency_proof(6, 5, roots_of(5)), std::invalid_argument);
}

}  // namespace
}  // namespace sekisho::audit
