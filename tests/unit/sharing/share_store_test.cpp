// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/share_store.h"

#include <gtest/gtest.h>

#include <thread>

#include "sharing/recipient_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::a_recipient;
using tests::a_share;
using tests::at;
using tests::instance_key;
using tests::series_key;
using tests::study_key;

class ShareStoreTest : public testing::Test {
 protected:
  ShareStoreTest() {
    recipients.insert(clinic);
    recipients.insert(reader);
  }
  Share inserted(const Scope& scope = StudyScope{{study_key("P1", "1.2.3")}}) {
    Share share = a_share(clinic.id);
    share.scope = scope;
    store.insert(share);
    return share;
  }
  std::vector<ShareId> listed(const ShareFilter& filter) {
    std::vector<ShareId> ids;
    for (const Share& share : store.list(filter, now)) ids.push_back(share.id);
    return ids;
  }

  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  RecipientStore recipients{place};
  ShareStore store{place};
  const Recipient clinic = a_recipient();
  const Recipient reader = a_recipient("Remote reader");
  const core::Time now = at("2026-02-10T00:00:00Z");
};

TEST_F(ShareStoreTest, FindsWhatWasInserted) {
  Share share = a_share(clinic.id);
  share.permissions = {.view = true, .give_back = true};
  share.assurance = Assurance::password_totp;
  share.max_sessions = 3;
  share.intended_use = IntendedUse::reading;
  share.purpose = "読影依頼";
  store.insert(share);

  const auto found = store.find(share.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, share.id);
  EXPECT_EQ(found->recipient, share.recipient);
  EXPECT_EQ(found->scope, share.scope);
  EXPECT_EQ(found->profile_name, share.profile_name);
  EXPECT_EQ(found->profile_json, share.profile_json);
  EXPECT_EQ(found->permissions, share.permissions);
  EXPECT_EQ(found->assurance, share.assurance);
  EXPECT_EQ(found->not_before, share.not_before);
  EXPECT_EQ(found->expires_at, share.expires_at);
  EXPECT_EQ(found->max_sessions, share.max_sessions);
  EXPECT_EQ(found->purpose, share.purpose);
  EXPECT_EQ(found->intended_use, share.intended_use);
  EXPECT_EQ(found->link_hash, share.link_hash);
  EXPECT_EQ(found->created_at, share.created_at);
  EXPECT_EQ(found->created_by, share.created_by);
  EXPECT_FALSE(found->revoked_at);
  EXPECT_EQ(found->revoke_reason, "");
}

TEST_F(ShareStoreTest, KeepsScopesOfEveryLevelInTheirOrder) {
  const std::vector<Scope> scopes = {
      PatientScope{"患者 1"},
      StudyScope{{study_key("P1", "1.9"), study_key("P1", "1.1"), study_key("P2", "1.9")}},
      SeriesScope{{series_key("P1", "1.1", "1.1.2"), series_key("P1", "1.1", "1.1.1")}},
      InstanceScope{{instance_key("P1", "1.1", "1.1.1", "1.1.1.2"),
                     instance_key("P1", "1.1", "1.1.1", "1.1.1.1")}},
  };
  for (const Scope& scope : scopes) {
    EXPECT_EQ(store.find(inserted(scope).id)->scope, scope);
  }
}

TEST_F(ShareStoreTest, KnowsNoOtherShare) {
  inserted();
  EXPECT_FALSE(store.find(ShareId::random()));
  EXPECT_FALSE(store.find_by_link(core::Sha256{}));
}

TEST_F(ShareStoreTest, FindsAShareByTheHashOfItsLink) {
  inserted();
  const Share share = inserted();
  EXPECT_EQ(store.find_by_link(share.link_hash)->id, share.id);
}

TEST_F(ShareStoreTest, RefusesAShareForAnUnknownRecipient) {
  const Share share = a_share(RecipientId::random());
  EXPECT_THROW(store.insert(share), core::db::Error);
  EXPECT_FALSE(store.find(share.id));
}

TEST_F(ShareStoreTest, RefusesTheSameShareTwiceAndStaysUsable) {
  const Share share = inserted();
  EXPECT_THROW(store.insert(share), core::db::Error);
  EXPECT_EQ(store.find(share.id)->scope, share.scope);
  inserted();
}

TEST_F(ShareStoreTest, LiveForIsNewestFirstAndForOneRecipientOnly) {
  const Share first = inserted();
  const Share second = inserted();
  store.insert(a_share(reader.id));
  const auto live = store.live_for(clinic.id, now);
  ASSERT_EQ(live.size(), 2U);
  EXPECT_EQ(live[0]->id, second.id);
  EXPECT_EQ(live[1]->id, first.id);
}

TEST_F(ShareStoreTest, LiveForHoldsFromTheFirstMomentToTheExpiry) {
  inserted();
  EXPECT_EQ(store.live_for(clinic.id, at("2026-01-31T23:59:59.999999Z")).size(), 0U);
  EXPECT_EQ(store.live_for(clinic.id, at("2026-02-01T00:00:00Z")).size(), 1U);
  EXPECT_EQ(store.live_for(clinic.id, at("2026-02-28T23:59:59.999999Z")).size(), 1U);
  EXPECT_EQ(store.live_for(clinic.id, at("2026-03-01T00:00:00Z")).size(), 0U);
}

TEST_F(ShareStoreTest, LiveForSeesWhatAnotherConnectionRevoked) {
  const Share share = inserted();
  EXPECT_EQ(store.live_for(clinic.id, now).size(), 1U);
  ShareStore(place).revoke(share.id, "", now);
  EXPECT_TRUE(store.live_for(clinic.id, now).empty());
}

TEST_F(ShareStoreTest, LiveForExcludesRevokedShares) {
  const Share share = inserted();
  store.revoke(share.id, "", now);
  EXPECT_TRUE(store.live_for(clinic.id, now).empty());
}

TEST_F(ShareStoreTest, TheFirstRevocationIsTheOneOnRecord) {
  const Share share = inserted();
  EXPECT_TRUE(store.revoke(share.id, "sent to the wrong clinic", now));
  EXPECT_FALSE(store.revoke(share.id, "again", now + std::chrono::hours(1)));
  EXPECT_FALSE(store.revoke(ShareId::random(), "nobody's", now));
  const auto found = store.find(share.id);
  EXPECT_EQ(found->revoked_at, now);
  EXPECT_EQ(found->revoke_reason, "sent to the wrong clinic");
}

TEST_F(ShareStoreTest, IsLiveAgreesWithTheStatus) {
  const Share share = inserted();
  for (const char* moment : {"2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00Z",
                             "2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z"}) {
    EXPECT_EQ(store.is_live(share.id, at(moment)),
              status(share, clinic, at(moment)) == ShareStatus::live)
        << moment;
  }
  EXPECT_FALSE(store.is_live(ShareId::random(), now));
}

TEST_F(ShareStoreTest, IsLiveSeesAtOnceWhatAnyConnectionRevoked) {
  const Share mine = inserted();
  const Share others = inserted();
  ASSERT_TRUE(store.is_live(mine.id, now));
  ASSERT_TRUE(store.is_live(others.id, now));
  store.revoke(mine.id, "", now);
  EXPECT_FALSE(store.is_live(mine.id, now));
  ShareStore other(place);
  other.revoke(others.id, "", now);
  EXPECT_FALSE(store.is_live(others.id, now));
}

TEST_F(ShareStoreTest, AShareFoundBeforeIsFoundRevokedAtOnce) {
  const Share mine = inserted();
  const Share others = inserted();
  ASSERT_FALSE(store.find(mine.id)->revoked_at);
  ASSERT_FALSE(store.find(others.id)->revoked_at);
  store.revoke(mine.id, "", now);
  EXPECT_TRUE(store.find(mine.id)->revoked_at);
  ShareStore other(place);
  other.revoke(others.id, "", now);
  EXPECT_TRUE(store.find(others.id)->revoked_at);
}

TEST_F(ShareStoreTest, AShareFoundBeforeIsFoundWithItsApprovalsAtOnce) {
  const Share share = inserted();
  ASSERT_TRUE(store.find(share.id)->approved_series.empty());
  const core::SeriesKey series = tests::series_key("P1", "1.2.3", "1.2.3.1");
  store.approve(share.id, series, "staff", now);
  EXPECT_EQ(store.find(share.id)->approved_series, std::vector{series});
}

TEST_F(ShareStoreTest, IsLiveEndsWhenTheRecipientIsDisabled) {
  const Share share = inserted();
  ASSERT_TRUE(store.is_live(share.id, now));
  recipients.disable(clinic.id, now);
  EXPECT_FALSE(store.is_live(share.id, now));
}

TEST_F(ShareStoreTest, ListsPageByPageInEitherOrder) {
  const Share first = inserted();
  const Share second = inserted();
  const Share third = inserted();
  EXPECT_EQ(listed({.limit = 2}), (std::vector{first.id, second.id}));
  EXPECT_EQ(listed({.after = second.id, .limit = 2}), std::vector{third.id});
  EXPECT_TRUE(listed({.after = third.id}).empty());
  EXPECT_TRUE(listed({.after = ShareId::random()}).empty());
  constexpr auto kNewest = ListOrder::newest_first;
  EXPECT_EQ(listed({.order = kNewest, .limit = 2}), (std::vector{third.id, second.id}));
  EXPECT_EQ(listed({.order = kNewest, .after = second.id}), std::vector{first.id});
  EXPECT_TRUE(listed({.order = kNewest, .after = ShareId::random()}).empty());
}

TEST_F(ShareStoreTest, ListsByTheTimeOfCreation) {
  const Share share = inserted();
  EXPECT_EQ(listed({.since = share.created_at}), std::vector{share.id});
  EXPECT_TRUE(listed({.since = share.created_at + std::chrono::microseconds(1)}).empty());
  EXPECT_TRUE(listed({.until = share.created_at}).empty());
  EXPECT_EQ(listed({.until = share.created_at + std::chrono::microseconds(1)}),
            std::vector{share.id});
}

TEST_F(ShareStoreTest, MakesOneShareByOneKey) {
  const CreationKey key{{1}, {2}, now};
  EXPECT_TRUE(store.insert(a_share(clinic.id), new_mask_key(), key));
  EXPECT_FALSE(store.insert(a_share(clinic.id), new_mask_key(), key));
  EXPECT_EQ(listed({}).size(), 1U);
}

TEST_F(ShareStoreTest, ListsAtLeastOneShareHoweverSmallTheLimit) {
  inserted();
  EXPECT_EQ(listed({.limit = 0}).size(), 1U);
  EXPECT_EQ(listed({.limit = -5}).size(), 1U);
}

TEST_F(ShareStoreTest, ListsByPatientWhateverTheLevel) {
  const Share study = inserted(StudyScope{{study_key("P2", "1.1"), study_key("P2", "1.2")}});
  const Share patient = inserted(PatientScope{"P2"});
  const Share instance = inserted(InstanceScope{{instance_key("P2", "1.1", "1.2", "1.3")}});
  inserted(PatientScope{"P1"});
  EXPECT_EQ(listed({.patient_id = "P2"}), (std::vector{study.id, patient.id, instance.id}));
  EXPECT_TRUE(listed({.patient_id = "P"}).empty());
}

TEST_F(ShareStoreTest, ListsByRecipient) {
  inserted();
  const Share other = a_share(reader.id);
  store.insert(other);
  EXPECT_EQ(listed({.recipient = reader.id}), std::vector{other.id});
}

TEST_F(ShareStoreTest, ListsByStatus) {
  const Share live = inserted();
  const Share revoked = inserted();
  store.revoke(revoked.id, "", now);
  Share pending = a_share(clinic.id);
  pending.not_before = now + std::chrono::hours(1);
  store.insert(pending);
  Share expired = a_share(clinic.id);
  expired.expires_at = now;
  store.insert(expired);

  EXPECT_EQ(listed({.status = ShareStatus::live}), std::vector{live.id});
  EXPECT_EQ(listed({.status = ShareStatus::revoked}), std::vector{revoked.id});
  EXPECT_EQ(listed({.status = ShareStatus::pending}), std::vector{pending.id});
  EXPECT_EQ(listed({.status = ShareStatus::expired}), std::vector{expired.id});
  EXPECT_TRUE(listed({.status = ShareStatus::suspended}).empty());
  recipients.disable(clinic.id, now);
  EXPECT_EQ(listed({.status = ShareStatus::suspended}), (std::vector{live.id, pending.id}));
  EXPECT_TRUE(listed({.status = ShareStatus::live}).empty());
  EXPECT_TRUE(listed({.status = ShareStatus::pending}).empty());
  EXPECT_EQ(listed({.status = ShareStatus::expired}), std::vector{expired.id});
  EXPECT_EQ(listed({.status = ShareStatus::revoked}), std::vector{revoked.id});
}

TEST_F(ShareStoreTest, EveryFilterNarrows) {
  const Share wanted = inserted(PatientScope{"P9"});
  inserted(PatientScope{"P8"});
  Share foreign = a_share(reader.id);
  foreign.scope = PatientScope{"P9"};
  store.insert(foreign);
  const Share revoked = inserted(PatientScope{"P9"});
  store.revoke(revoked.id, "", now);
  EXPECT_EQ(listed({.recipient = clinic.id, .patient_id = "P9", .status = ShareStatus::live}),
            std::vector{wanted.id});
}

TEST_F(ShareStoreTest, WhatCameBackIsItsReadersWhenTheArchiveHasIt) {
  const auto uid = [](std::string_view text) { return *core::Uid::parse(text); };
  const Share share = inserted();
  const Share other = inserted();
  const ReturnedObject report{uid("1.9.1"), uid("1.9.1.1"), uid("1.9.2"), uid("1.9.2.1")};
  store.add_returned(share.id, report, now);
  EXPECT_EQ(store.returned(share.id).at(0).stage, ReturnedObject::Stage::received);
  EXPECT_EQ(store.returned_elsewhere(other.id, uid("1.9.2")), std::vector{uid("1.9.2.1")});
  store.confirm_returned(share.id, uid("1.9.1.2"), now);
  store.confirm_returned(other.id, report.instance, now);
  EXPECT_EQ(store.returned(share.id).at(0).stage, ReturnedObject::Stage::received);
  store.confirm_returned(share.id, report.instance, now);
  EXPECT_EQ(store.returned(share.id).at(0).stage, ReturnedObject::Stage::stored);
  store.add_returned(share.id, report, now);
  store.confirm_returned(share.id, report.instance, now);
  ASSERT_EQ(store.returned(share.id).size(), 1U);
  EXPECT_EQ(store.returned(share.id)[0].stage, ReturnedObject::Stage::stored);
  auto database = core::db::open(place.database);
  EXPECT_THROW(database.exec("UPDATE returned_object SET stored_at = NULL"), core::db::Error);
  EXPECT_THROW(database.exec("UPDATE returned_object SET archived_instance = '1.2'"),
               core::db::Error);
}

TEST_F(ShareStoreTest, FileItselfRefusesToEditOrForgetAShare) {
  const Share share = inserted();
  auto database = core::db::open(place.database);
  for (const char* sql : {
           "UPDATE share SET expires_at = expires_at + 1",
           "UPDATE share SET recipient = (SELECT id FROM recipient ORDER BY seq DESC)",
           "UPDATE share SET may_return = 1",
           "DELETE FROM share",
           "UPDATE share_object SET patient_id = 'P2'",
           "DELETE FROM share_object",
           "INSERT INTO share_object SELECT share, 9, 'P2', study, series, instance"
           " FROM share_object",
       }) {
    EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }
  store.revoke(share.id, "", now);
  EXPECT_THROW(database.exec("UPDATE share SET revoked_at = NULL"), core::db::Error);
}

TEST_F(ShareStoreTest, ReadersAndWritersOnManyThreadsSeeWholeShares) {
  constexpr int kShares = 25;
  std::jthread writer([&] {
    for (int i = 0; i < kShares; ++i)
      inserted(StudyScope{{study_key("P1", "1.1"), study_key("P1", "1.2")}});
  });
  std::jthread other_writer([&] {
    RecipientStore connection(place);
    for (int i = 0; i < kShares; ++i) connection.add_token(clinic.id, "reader", now, now);
  });
  ShareStore reading(place);
  std::size_t seen = 0;
  while (seen < kShares) {
    const auto shares = reading.live_for(clinic.id, now);
    for (const auto& share : shares) {
      ASSERT_EQ(std::get<StudyScope>(share->scope).studies.size(), 2U);
    }
    ASSERT_GE(shares.size(), seen);
    seen = shares.size();
  }
  writer.join();
  other_writer.join();
  EXPECT_EQ(recipients.tokens(clinic.id).size(), static_cast<std::size_t>(kShares));
}

TEST(ShareStoreOpening, TwoStoresMayMakeTheFileAtOnce) {
  const tests::TemporaryDirectory directory;
  const auto place = SharingPlace::in(directory.path());
  std::thread other([&] { const RecipientStore recipients(place); });
  {
    const ShareStore shares(place);
  }
  other.join();
  EXPECT_TRUE(RecipientStore(place).list({}).empty());
}

}  // namespace
}  // namespace sekisho::sharing
