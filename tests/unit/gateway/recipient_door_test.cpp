// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/recipient_door.h"

#include <gtest/gtest.h>

namespace sekisho::gateway {
namespace {

const std::string kId = "0123456789abcdef0123456789abcdef";

TEST(FindRoot, LeadsToOneShare) {
  const Root root = find_root({"shares", kId, "dicom-web", "studies", "2.25.1"});
  const auto* share = std::get_if<ShareRoot>(&root);
  ASSERT_NE(share, nullptr);
  EXPECT_EQ(share->share.text(), kId);
  EXPECT_EQ(share->path, (std::vector<std::string>{"studies", "2.25.1"}));
}

TEST(FindRoot, LeadsToEverythingOfTheRecipient) {
  const Root root = find_root({"dicom-web", "studies"});
  const auto* recipient = std::get_if<RecipientRoot>(&root);
  ASSERT_NE(recipient, nullptr);
  EXPECT_EQ(recipient->path, (std::vector<std::string>{"studies"}));
}

TEST(FindRoot, LeadsNowhereElse) {
  for (const std::vector<std::string>& path : std::vector<std::vector<std::string>>{
           {},
           {""},
           {"studies"},
           {"Dicom-Web", "studies"},
           {"shares"},
           {"shares", kId},
           {"shares", kId, "studies"},
           {"shares", "abc", "dicom-web", "studies"},
           {"shares", "0123456789ABCDEF0123456789ABCDEF", "dicom-web"},
           {"system"},
           {"instances", "x", "file"}}) {
    EXPECT_TRUE(std::holds_alternative<NoRoot>(find_root(path)));
  }
}

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
