// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/id.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace sekisho::core {
namespace {

struct Apple;
struct Pear;
using AppleId = Id<Apple>;

static_assert(!std::is_convertible_v<Id<Pear>, AppleId>);
static_assert(!std::equality_comparable_with<Id<Pear>, AppleId>);

TEST(Id, IsRandomAndReadsBackAsItself) {
  const AppleId id = AppleId::random();
  EXPECT_EQ(id.text().size(), 32U);
  EXPECT_EQ(AppleId::parse(id.text()), id);
  EXPECT_NE(AppleId::random(), id);
}

TEST(Id, HasOneSpelling) {
  for (const char* text :
       {"", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
        "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdeg",
        "0123456789abcdef-123456789abcdef"}) {
    EXPECT_FALSE(AppleId::parse(text)) << text;
  }
}

TEST(Id, ADefaultOneIsEmptyAndEqualsNoParsedOne) {
  EXPECT_TRUE(AppleId().empty());
  EXPECT_NE(AppleId::parse(std::string(32, '0')), AppleId());
}

}  // namespace
}  // namespace sekisho::core
