// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::at;

/// A share that ends on 1 March, seen on 10 February.
class ShareExtension : public testing::Test {
 protected:
  ShareExtension() {
    recipients.insert(clinic);
    store.insert(share);
  }
  bool extend(core::Time expires_at, core::Time extended_at) {
    return store.extend(share.id, {expires_at, extended_at, "tanaka", "the reader is ill"});
  }

  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  RecipientStore recipients{place};
  ShareStore store{place};
  const Recipient clinic = tests::a_recipient();
  const Share share = tests::a_share(clinic.id);
  const core::Time now = at("2026-02-10T00:00:00Z");
  const core::Time later = at("2026-04-01T00:00:00Z");
  const core::Time between = at("2026-03-15T00:00:00Z");
};

TEST_F(ShareExtension, MovesTheEndForEverybodyWhoAsks) {
  ASSERT_EQ(store.find(share.id)->expires_at, share.expires_at);
  ASSERT_FALSE(store.is_live(share.id, between));
  ASSERT_TRUE(extend(later, now));
  const auto found = store.find(share.id);
  EXPECT_EQ(found->expires_at, later);
  EXPECT_EQ(status(*found, clinic, between), ShareStatus::live);
  EXPECT_EQ(store.find_by_link(share.link_hash)->expires_at, later);
  EXPECT_TRUE(store.is_live(share.id, between));
  EXPECT_FALSE(store.is_live(share.id, later));
  EXPECT_EQ(store.live_for(clinic.id, between).size(), 1U);
  EXPECT_EQ(store.list({.status = ShareStatus::live}, between).size(), 1U);
  EXPECT_TRUE(store.list({.status = ShareStatus::expired}, between).empty());
  EXPECT_TRUE(store.expired(between, 10).empty());
  EXPECT_EQ(store.expired(later, 10).size(), 1U);
}

TEST_F(ShareExtension, IsSeenAtOnceByOtherConnections) {
  const ShareStore other(place);
  ASSERT_FALSE(other.is_live(share.id, between));
  ASSERT_EQ(other.find(share.id)->expires_at, share.expires_at);
  ASSERT_TRUE(extend(later, now));
  EXPECT_TRUE(other.is_live(share.id, between));
  EXPECT_EQ(other.find(share.id)->expires_at, later);
}

TEST_F(ShareExtension, IsKeptWithWhoMadeItAndWhy) {
  ASSERT_TRUE(extend(between, now));
  ASSERT_TRUE(extend(later, now + std::chrono::hours(1)));
  const auto extensions = store.find(share.id)->extensions;
  ASSERT_EQ(extensions.size(), 2U);
  EXPECT_EQ(extensions[0].expires_at, between);
  EXPECT_EQ(extensions[0].extended_at, now);
  EXPECT_EQ(extensions[1].expires_at, later);
  EXPECT_EQ(extensions[1].extended_by, "tanaka");
  EXPECT_EQ(extensions[1].reason, "the reader is ill");
}

TEST_F(ShareExtension, NeverMovesAnEndTowardsNow) {
  EXPECT_FALSE(extend(share.expires_at, now));
  ASSERT_TRUE(extend(later, now));
  EXPECT_FALSE(extend(between, now));
  EXPECT_EQ(store.find(share.id)->expires_at, later);
}

TEST_F(ShareExtension, WakesNoShareThatIsOver) {
  EXPECT_FALSE(extend(later, share.expires_at));
  store.begin_expiry(share.id, 7);
  EXPECT_FALSE(extend(later, now)) << "its expiry is about to be on record";
  Share other = tests::a_share(clinic.id);
  store.insert(other);
  store.revoke(other.id, "", now);
  EXPECT_FALSE(store.extend(other.id, {later, now, "", ""}));
  EXPECT_FALSE(store.extend(ShareId::random(), {later, now, "", ""}));
}

TEST_F(ShareExtension, KeepsTheKeyUntilTheLaterEnd) {
  ASSERT_TRUE(extend(later, now));
  EXPECT_FALSE(store.destroy_mask_key(share.id, between));
  EXPECT_THROW(
      core::db::open(place.database).exec("UPDATE share SET key_destroyed_at = expires_at"),
      core::db::Error);
  EXPECT_TRUE(store.destroy_mask_key(share.id, later));
}

TEST_F(ShareExtension, IsRefusedByTheFileItselfWhereItIsEditedOrWakesTheDead) {
  ASSERT_TRUE(extend(later, now));
  auto database = core::db::open(place.database);
  for (const char* sql : {
           "UPDATE share_extension SET expires_at = expires_at + 1",
           "DELETE FROM share_extension",
           "INSERT INTO share_extension SELECT share, expires_at - 1, extended_at, '', ''"
           " FROM share_extension",
           "INSERT INTO share_extension SELECT share, expires_at + 1, expires_at, '', ''"
           " FROM share_extension",
       }) {
    EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }
}

}  // namespace
}  // namespace sekisho::sharing
