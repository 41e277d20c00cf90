// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shared_text.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace sekisho::core {
namespace {

TEST(SharedText, IsEqualByWhatItSays) {
  const SharedText one(std::string("a profile"));
  const SharedText copy = one;
  const SharedText same(std::string("a profile"));
  const SharedText other(std::string("another"));
  EXPECT_EQ(one, copy);
  EXPECT_EQ(one, same);
  EXPECT_EQ(one.hash(), same.hash());
  EXPECT_NE(one, other);
  EXPECT_EQ(SharedText().str(), "");
}

TEST(SharedText, ThatIsEqualCanBeMadeOneInMemory) {
  std::unordered_set<SharedText> texts;
  const SharedText first = *texts.insert(SharedText(std::string("a profile"))).first;
  const SharedText second = *texts.insert(SharedText(std::string("a profile"))).first;
  EXPECT_EQ(&first.str(), &second.str());
}

}  // namespace
}  // namespace sekisho::core
