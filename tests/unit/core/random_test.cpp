// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <set>
#include <vector>

namespace sekisho::core {
namespace {

TEST(Random, BytesDiffer) {
  std::array<Byte, 16> first{};
  std::array<Byte, 16> second{};
  fill_random(first);
  fill_random(second);
  EXPECT_NE(first, second);
}

TEST(Random, NoncesOfAnySizeDiffer) {
  std::set<Bytes> seen;
  for (const std::size_t size : {12, 16, 12, 1000, 24, 5000, 12}) {
    Bytes nonce(size);
    fill_nonce(nonce);
    EXPECT_TRUE(seen.insert(std::move(nonce)).second);
  }
}

}  // namespace
}  // namespace sekisho::core
