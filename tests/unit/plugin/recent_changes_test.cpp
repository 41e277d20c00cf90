// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/recent_changes.h"

#include <gtest/gtest.h>

namespace sekisho::plugin {
namespace {

auto is(const std::string& wanted) {
  return [wanted](const std::string& id) { return id == wanted; };
}

TEST(RecentChanges, SeesOnlyWhatLiesBehindThePosition) {
  RecentChanges changes(10);
  changes.add("a");
  const auto between = changes.position();
  EXPECT_FALSE(changes.any_since(between, is("a")));
  changes.add("b");
  EXPECT_TRUE(changes.any_since(between, is("b")));
  EXPECT_FALSE(changes.any_since(between, is("a")));
  EXPECT_TRUE(changes.any_since(0, is("a")));
}

TEST(RecentChanges, WhatIsForgottenCountsAsAChange) {
  RecentChanges changes(2);
  const auto start = changes.position();
  changes.add("a");
  changes.add("b");
  EXPECT_FALSE(changes.any_since(start, is("x")));
  changes.add("c");
  EXPECT_TRUE(changes.any_since(start, is("x")));
  EXPECT_FALSE(changes.any_since(start + 1, is("x")));
}

TEST(RecentChanges, NothingChangedInAnEmptyList) {
  const RecentChanges changes(1);
  EXPECT_FALSE(changes.any_since(0, [](const std::string&) { return true; }));
}

}  // namespace
}  // namespace sekisho::plugin
