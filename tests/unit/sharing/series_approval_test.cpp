// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::series_key;

class SeriesApproval : public testing::Test {
 protected:
  SeriesApproval() {
    recipients.insert(clinic);
    store.insert(share);
  }

  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  RecipientStore recipients{place};
  ShareStore store{place};
  const Recipient clinic = tests::a_recipient();
  const Share share = tests::a_share(clinic.id);
  const core::SeriesKey series = series_key("P1", "1.2.3", "1.2.3.1");
  const core::Time now = tests::at("2026-02-10T00:00:00Z");
};

TEST_F(SeriesApproval, IsMadeOnce) {
  EXPECT_TRUE(store.approve(share.id, series, "tanaka", now));
  EXPECT_FALSE(store.approve(share.id, series, "suzuki", now));
  EXPECT_EQ(store.find(share.id)->approved_series, std::vector{series});
}

TEST_F(SeriesApproval, HoldsForOneShareAlone) {
  const Share other = tests::a_share(clinic.id);
  store.insert(other);
  store.approve(share.id, series_key("P1", "1.2.3", "1.2.3.1"), "tanaka", now);
  EXPECT_TRUE(store.find(other.id)->approved_series.empty());
}

TEST_F(SeriesApproval, IsListedInOrder) {
  for (const char* uid : {"1.2.3.2", "1.2.3.1"}) {
    store.approve(share.id, series_key("P1", "1.2.3", uid), "tanaka", now);
  }
  EXPECT_EQ(
      store.find(share.id)->approved_series,
      (std::vector{series_key("P1", "1.2.3", "1.2.3.1"), series_key("P1", "1.2.3", "1.2.3.2")}));
}

TEST_F(SeriesApproval, IsWithdrawnOnceAndMadeAgain) {
  const auto other = series_key("P1", "1.2.3", "1.2.3.2");
  EXPECT_FALSE(store.withdraw_approval(share.id, series, "suzuki", now));
  store.approve(share.id, series, "tanaka", now);
  store.approve(share.id, other, "tanaka", now);
  EXPECT_TRUE(store.withdraw_approval(share.id, series, "suzuki", now));
  EXPECT_FALSE(store.withdraw_approval(share.id, series, "suzuki", now));
  EXPECT_EQ(store.find(share.id)->approved_series, std::vector{other});
  EXPECT_TRUE(store.approve(share.id, series, "tanaka", now));
  EXPECT_EQ(store.find(share.id)->approved_series, (std::vector{series, other}));
}

TEST_F(SeriesApproval, IsNoLongerLiveForWhoeverNeedsItOnceAnyConnectionWithdrewIt) {
  store.approve(share.id, series, "tanaka", now);
  ASSERT_TRUE(store.is_live(share.id, now, {series}));
  EXPECT_FALSE(store.is_live(share.id, now, {series_key("P1", "1.2.3", "1.2.3.2")}));
  ShareStore(place).withdraw_approval(share.id, series, "suzuki", now);
  EXPECT_FALSE(store.is_live(share.id, now, {series}));
  EXPECT_TRUE(store.is_live(share.id, now));
}

TEST_F(SeriesApproval, IsRefusedByTheFileItselfWhereItIsEditedOrRemoved) {
  store.approve(share.id, series, "tanaka", now);
  auto database = core::db::open(place.database);
  for (const char* sql :
       {"UPDATE series_decision SET decided_by = 'suzuki'", "DELETE FROM series_decision",
        "INSERT INTO series_decision SELECT 9, share, patient_id, study, series, 'perhaps',"
        " decided_by, decided_at FROM series_decision"}) {
    EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }
}

}  // namespace
}  // namespace sekisho::sharing
