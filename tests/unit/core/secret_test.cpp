// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secret.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace sekisho::core {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);

Bytes bytes_of(const Secret& secret) { return {secret.view().begin(), secret.view().end()}; }

TEST(Secret, HasTheSizeAskedForAndIsNeverTheSame) {
  const Secret first = Secret::random(32);
  const Secret second = Secret::random(32);
  EXPECT_EQ(first.view().size(), 32U);
  EXPECT_NE(bytes_of(first), bytes_of(second));
}

TEST(Secret, AMovedOneIsEmpty) {
  Secret first(Bytes{1, 2, 3});
  Secret second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(bytes_of(second), (Bytes{1, 2, 3}));
  Secret third(Bytes{4});
  third = std::move(second);
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(bytes_of(third), (Bytes{1, 2, 3}));
}

TEST(Secret, ACloneIsASecondOwner) {
  Secret first(Bytes{1, 2, 3});
  const Secret second = first.clone();
  first = Secret();
  EXPECT_EQ(bytes_of(second), (Bytes{1, 2, 3}));
}

TEST(Secret, ComparesBytesAndSizes) {
  const Bytes a{1, 2, 3};
  EXPECT_TRUE(equal_in_constant_time(a, Bytes{1, 2, 3}));
  EXPECT_FALSE(equal_in_constant_time(a, Bytes{1, 2, 4}));
  EXPECT_FALSE(equal_in_constant_time(a, Bytes{1, 2}));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
}

}  // namespace
}  // namespace sekisho::core
