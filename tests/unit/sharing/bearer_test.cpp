// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/bearer.h"

#include <gtest/gtest.h>

namespace sekisho::sharing {
namespace {

TEST(Bearer, KindIsToldByThePrefix) {
  EXPECT_EQ(bearer_kind(new_bearer(BearerKind::token).text), BearerKind::token);
  EXPECT_EQ(bearer_kind(new_bearer(BearerKind::link).text), BearerKind::link);
  EXPECT_TRUE(new_bearer(BearerKind::link).text.starts_with("skl_"));
}

TEST(Bearer, NoTwoAreAlike) {
  EXPECT_NE(new_bearer(BearerKind::link).text, new_bearer(BearerKind::link).text);
}

TEST(Bearer, HashIsOfTheWholeText) {
  const auto made = new_bearer(BearerKind::token);
  EXPECT_EQ(made.hash, bearer_hash(made.text));
  EXPECT_NE(bearer_hash("skl_" + made.text.substr(4)), made.hash);
}

TEST(Bearer, RefusesEveryOtherForm) {
  const std::string text = new_bearer(BearerKind::token).text;
  const std::string padded = text + "=";
  for (const std::string& other :
       {std::string(), std::string("skt_"), text.substr(4), text.substr(0, 46), text + "A", padded,
        " " + text, "Skt_" + text.substr(4), "skx_" + text.substr(4), text.substr(0, 46) + "+",
        std::string(47, '\0'), std::string(100000, 'A')}) {
    EXPECT_FALSE(bearer_kind(other)) << other.substr(0, 60);
  }
}

}  // namespace
}  // namespace sekisho::sharing
