// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/recipient_door.h"

#include <gtest/gtest.h>

namespace sekisho::gateway {
namespace {

TEST(BearerOf, TakesTheTextAfterTheScheme) {
  EXPECT_EQ(bearer_of("Bearer skt_abc"), "skt_abc");
  EXPECT_EQ(bearer_of("bearer skt_abc"), "skt_abc");
  EXPECT_EQ(bearer_of("BEARER   skt_abc"), "skt_abc");
}

TEST(BearerOf, KnowsNoOtherScheme) {
  for (const char* text : {"", "Bearer", "Basic c2VjcmV0", "Bearerskt_abc", "skt_abc",
                           "Bearers skt_abc", "Bearer\tskt_abc"}) {
    EXPECT_EQ(bearer_of(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sekisho::gateway
