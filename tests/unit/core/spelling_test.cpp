// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spelling.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

TEST(FoldSpelling, LeavesWhatIsNoTextOrTooLongAsItIs) {
  EXPECT_EQ(fold_spelling("\xFF\xFEZ"), "\xFF\xFEZ");
  const std::string longest(4096, 'A');
  EXPECT_EQ(fold_spelling(longest), std::string(4096, 'a'));
  EXPECT_EQ(fold_spelling(longest + 'A'), longest + 'A');
  EXPECT_EQ(fold_spelling(""), "");
}

}  // namespace
}  // namespace sekisho::core
