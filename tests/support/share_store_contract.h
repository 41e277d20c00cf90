// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <thread>
#include <vector>

#include "core/database_error.h"
#include "support/sharing_house.h"

/// What every sharing::ShareStore promises, as tests. To run them on a store:
///
///     INSTANTIATE_TEST_SUITE_P(Mine, ShareStoreContract,
///                              ::testing::Values([] { return std::make_unique<MyHouse>(); }));
///
/// and the same of ShareExtensionContract, SeriesApprovalContract and MaskKeyContract.
namespace sekisho::sharing {

using tests::a_recipient;
using tests::a_share;
using tests::at;
using tests::instance_key;
using tests::series_key;
using tests::study_key;
class ShareStoreContract : public tests::SharingContract {
 protected:
  ShareStoreContract() {
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

  const Recipient clinic = a_recipient();
  const Recipient reader = a_recipient("Remote reader");
  const core::Time now = at("2026-02-10T00:00:00Z");
};

TEST_P(ShareStoreContract, FindsWhatWasInserted) {
  Share share = a_share(clinic.id);
  share.permissions = {.view = true, .give_back = true};
  share.assurance = Assurance::password_totp;
  share.max_sessions = 3;
  share.person = std::string(32, 'b');
  share.needs_approval = true;
  share.marks_pictures = true;
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
  EXPECT_EQ(found->person, share.person);
  EXPECT_TRUE(found->needs_approval);
  EXPECT_TRUE(found->marks_pictures);
  EXPECT_FALSE(found->approval);
  EXPECT_EQ(found->purpose, share.purpose);
  EXPECT_EQ(found->intended_use, share.intended_use);
  EXPECT_EQ(found->link_hash, share.link_hash);
  EXPECT_EQ(found->created_at, share.created_at);
  EXPECT_EQ(found->created_by, share.created_by);
  EXPECT_FALSE(found->revoked_at);
  EXPECT_EQ(found->revoke_reason, "");
}

TEST_P(ShareStoreContract, KeepsScopesOfEveryLevelInTheirOrder) {
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

TEST_P(ShareStoreContract, KnowsNoOtherShare) {
  inserted();
  EXPECT_FALSE(store.find(ShareId::random()));
  EXPECT_FALSE(store.find_by_link(core::Sha256{}));
}

TEST_P(ShareStoreContract, FindsAShareByTheHashOfItsLink) {
  inserted();
  const Share share = inserted();
  EXPECT_EQ(store.find_by_link(share.link_hash)->id, share.id);
}

TEST_P(ShareStoreContract, RefusesAShareForAnUnknownRecipient) {
  const Share share = a_share(RecipientId::random());
  EXPECT_THROW(store.insert(share), core::DatabaseError);
  EXPECT_FALSE(store.find(share.id));
}

TEST_P(ShareStoreContract, RefusesTheSameShareTwiceAndStaysUsable) {
  const Share share = inserted();
  EXPECT_THROW(store.insert(share), core::DatabaseError);
  EXPECT_EQ(store.find(share.id)->scope, share.scope);
  inserted();
}

TEST_P(ShareStoreContract, LiveForIsNewestFirstAndForOneRecipientOnly) {
  const Share first = inserted();
  const Share second = inserted();
  store.insert(a_share(reader.id));
  const auto live = store.live_for(clinic.id, now);
  ASSERT_EQ(live.size(), 2U);
  EXPECT_EQ(live[0]->id, second.id);
  EXPECT_EQ(live[1]->id, first.id);
}

TEST_P(ShareStoreContract, LiveForHoldsFromTheFirstMomentToTheExpiry) {
  inserted();
  EXPECT_EQ(store.live_for(clinic.id, at("2026-01-31T23:59:59.999999Z")).size(), 0U);
  EXPECT_EQ(store.live_for(clinic.id, at("2026-02-01T00:00:00Z")).size(), 1U);
  EXPECT_EQ(store.live_for(clinic.id, at("2026-02-28T23:59:59.999999Z")).size(), 1U);
  EXPECT_EQ(store.live_for(clinic.id, at("2026-03-01T00:00:00Z")).size(), 0U);
}

TEST_P(ShareStoreContract, LiveForSeesWhatAnotherConnectionRevoked) {
  const Share share = inserted();
  EXPECT_EQ(store.live_for(clinic.id, now).size(), 1U);
  house->open_shares()->revoke(share.id, "", now);
  wait_for_news();
  EXPECT_TRUE(store.live_for(clinic.id, now).empty());
}

TEST_P(ShareStoreContract, LiveForExcludesRevokedShares) {
  const Share share = inserted();
  store.revoke(share.id, "", now);
  EXPECT_TRUE(store.live_for(clinic.id, now).empty());
}

TEST_P(ShareStoreContract, TheFirstRevocationIsTheOneOnRecord) {
  const Share share = inserted();
  EXPECT_TRUE(store.revoke(share.id, "sent to the wrong clinic", now));
  EXPECT_FALSE(store.revoke(share.id, "again", now + std::chrono::hours(1)));
  EXPECT_FALSE(store.revoke(ShareId::random(), "nobody's", now));
  const auto found = store.find(share.id);
  EXPECT_EQ(found->revoked_at, now);
  EXPECT_EQ(found->revoke_reason, "sent to the wrong clinic");
}

TEST_P(ShareStoreContract, RevokesSeveralAtOnceAndSaysWhich) {
  const Share first = inserted();
  const Share second = inserted();
  const Share before = inserted();
  store.revoke(before.id, "mistake", now);
  const std::vector<ShareId> all = {first.id, before.id, ShareId::random(), second.id};
  EXPECT_EQ(store.revoke(all, "lost tablet", now), (std::vector{first.id, second.id}));
  EXPECT_EQ(store.find(second.id)->revoke_reason, "lost tablet");
  EXPECT_EQ(store.find(before.id)->revoke_reason, "mistake");
  EXPECT_TRUE(store.revoke(all, "again", now).empty());
}

TEST_P(ShareStoreContract, OpensForNobodyUntilSomebodyElseHasApprovedIt) {
  Share share = a_share(clinic.id);
  share.needs_approval = true;
  store.insert(share);
  const auto approve = [&](std::string_view by, core::Time when) {
    return store.approve(share.id, Approval{when, std::string(by)});
  };
  const auto other = house->open_shares();
  EXPECT_FALSE(other->is_live(share.id, now));
  EXPECT_TRUE(other->live_for(clinic.id, now).empty());
  EXPECT_FALSE(approve(share.created_by, now));
  EXPECT_FALSE(approve("", now));
  EXPECT_FALSE(approve("suzuki", share.expires_at));
  EXPECT_FALSE(store.approve(inserted().id, Approval{now, "suzuki"})) << "it needs none";
  EXPECT_FALSE(store.approve(ShareId::random(), Approval{now, "suzuki"}));
  EXPECT_TRUE(approve("suzuki", now));
  EXPECT_FALSE(approve("sato", now));
  wait_for_news();
  EXPECT_TRUE(other->is_live(share.id, now));
  EXPECT_EQ(other->live_for(clinic.id, now).size(), 2U);
  const auto approval = other->find(share.id)->approval;
  EXPECT_EQ(approval->approved_by, "suzuki");
  EXPECT_EQ(approval->approved_at, now);
}

TEST_P(ShareStoreContract, WhatNobodyHasMadeNobodyApproves) {
  Share share = a_share(clinic.id);
  share.needs_approval = true;
  share.created_by.clear();
  store.insert(share);
  EXPECT_FALSE(store.approve(share.id, Approval{now, "suzuki"}));
}

TEST_P(ShareStoreContract, IsLiveAgreesWithTheStatus) {
  const Share share = inserted();
  for (const char* moment : {"2026-01-31T23:59:59.999999Z", "2026-02-01T00:00:00Z",
                             "2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00Z"}) {
    EXPECT_EQ(store.is_live(share.id, at(moment)),
              status(share, clinic, at(moment)) == ShareStatus::live)
        << moment;
  }
  EXPECT_FALSE(store.is_live(ShareId::random(), now));
}

TEST_P(ShareStoreContract, IsLiveSeesAtOnceWhatAnyConnectionRevoked) {
  const Share mine = inserted();
  const Share others = inserted();
  ASSERT_TRUE(store.is_live(mine.id, now));
  ASSERT_TRUE(store.is_live(others.id, now));
  store.revoke(mine.id, "", now);
  EXPECT_FALSE(store.is_live(mine.id, now));
  const auto other = house->open_shares();
  other->revoke(others.id, "", now);
  wait_for_news();
  EXPECT_FALSE(store.is_live(others.id, now));
}

TEST_P(ShareStoreContract, AllAreLiveUntilOneOfThemIsNot) {
  const Share first = inserted();
  const Share second = inserted();
  const ShareStore::Asked both[] = {{first.id, first.approved_series},
                                    {second.id, second.approved_series}};
  EXPECT_TRUE(store.are_live({}, now));
  EXPECT_TRUE(store.are_live(both, now));
  EXPECT_FALSE(store.are_live(both, first.expires_at));
  const auto other = house->open_shares();
  other->revoke(second.id, "", now);
  wait_for_news();
  EXPECT_FALSE(store.are_live(both, now));
  EXPECT_TRUE(store.are_live(std::span(both).first(1), now));
}

TEST_P(ShareStoreContract, AShareFoundBeforeIsFoundRevokedAtOnce) {
  const Share mine = inserted();
  const Share others = inserted();
  ASSERT_FALSE(store.find(mine.id)->revoked_at);
  ASSERT_FALSE(store.find(others.id)->revoked_at);
  store.revoke(mine.id, "", now);
  EXPECT_TRUE(store.find(mine.id)->revoked_at);
  const auto other = house->open_shares();
  other->revoke(others.id, "", now);
  wait_for_news();
  EXPECT_TRUE(store.find(others.id)->revoked_at);
}

TEST_P(ShareStoreContract, AShareFoundBeforeIsFoundWithItsApprovalsAtOnce) {
  const Share share = inserted();
  ASSERT_TRUE(store.find(share.id)->approved_series.empty());
  const core::SeriesKey series = tests::series_key("P1", "1.2.3", "1.2.3.1");
  store.approve(share.id, series, "staff", now);
  EXPECT_EQ(store.find(share.id)->approved_series, std::vector{series});
}

TEST_P(ShareStoreContract, IsLiveEndsWhenTheRecipientIsDisabled) {
  const Share share = inserted();
  ASSERT_TRUE(store.is_live(share.id, now));
  recipients.disable(clinic.id, now);
  wait_for_news();
  EXPECT_FALSE(store.is_live(share.id, now));
}

TEST_P(ShareStoreContract, ListsPageByPageInEitherOrder) {
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

TEST_P(ShareStoreContract, ListsByTheTimeOfCreation) {
  const Share share = inserted();
  EXPECT_EQ(listed({.since = share.created_at}), std::vector{share.id});
  EXPECT_TRUE(listed({.since = share.created_at + std::chrono::microseconds(1)}).empty());
  EXPECT_TRUE(listed({.until = share.created_at}).empty());
  EXPECT_EQ(listed({.until = share.created_at + std::chrono::microseconds(1)}),
            std::vector{share.id});
}

TEST_P(ShareStoreContract, MakesOneShareByOneKey) {
  const CreationKey key{{1}, {2}, now};
  EXPECT_TRUE(store.insert(a_share(clinic.id), new_mask_key(), key, ConsentRule::not_required));
  EXPECT_FALSE(store.insert(a_share(clinic.id), new_mask_key(), key, ConsentRule::not_required));
  EXPECT_EQ(listed({}).size(), 1U);
}

TEST_P(ShareStoreContract, ListsAtLeastOneShareHoweverSmallTheLimit) {
  inserted();
  EXPECT_EQ(listed({.limit = 0}).size(), 1U);
  EXPECT_EQ(listed({.limit = -5}).size(), 1U);
}

TEST_P(ShareStoreContract, ListsByPatientWhateverTheLevel) {
  const Share study = inserted(StudyScope{{study_key("P2", "1.1"), study_key("P2", "1.2")}});
  const Share patient = inserted(PatientScope{"P2"});
  const Share instance = inserted(InstanceScope{{instance_key("P2", "1.1", "1.2", "1.3")}});
  inserted(PatientScope{"P1"});
  EXPECT_EQ(listed({.patient_id = "P2"}), (std::vector{study.id, patient.id, instance.id}));
  EXPECT_TRUE(listed({.patient_id = "P"}).empty());
}

TEST_P(ShareStoreContract, ListsByRecipient) {
  inserted();
  const Share other = a_share(reader.id);
  store.insert(other);
  EXPECT_EQ(listed({.recipient = reader.id}), std::vector{other.id});
}

TEST_P(ShareStoreContract, ListsByPersonAndWhatIsNotOver) {
  inserted();
  Share share = a_share(clinic.id);
  share.person = std::string(32, 'b');
  store.insert(share);
  Share over = share;
  over.id = ShareId::random();
  over.link_hash = new_bearer(BearerKind::link).hash;
  over.expires_at = now;
  store.insert(over);
  const ShareFilter filter{.recipient = clinic.id, .person = share.person};
  EXPECT_EQ(listed(filter), (std::vector{share.id, over.id}));
  ShareFilter open = filter;
  open.without_those_over = true;
  EXPECT_EQ(listed(open), std::vector{share.id});
  EXPECT_TRUE(listed({.person = std::string(32, 'c')}).empty());
  open.patients_of_study = {"P1", "P2"};
  open.study = *core::Uid::parse("1.2.3");
  EXPECT_EQ(listed(open), std::vector{share.id});
}

TEST_P(ShareStoreContract, ListsByStatus) {
  const Share live = inserted();
  const Share revoked = inserted();
  store.revoke(revoked.id, "", now);
  Share pending = a_share(clinic.id);
  pending.not_before = now + std::chrono::hours(1);
  store.insert(pending);
  Share expired = a_share(clinic.id);
  expired.expires_at = now;
  store.insert(expired);
  Share awaiting = a_share(clinic.id);
  awaiting.needs_approval = true;
  store.insert(awaiting);

  EXPECT_EQ(listed({.status = ShareStatus::awaiting}), std::vector{awaiting.id});
  EXPECT_EQ(listed({.status = ShareStatus::live}), std::vector{live.id});
  EXPECT_EQ(listed({.status = ShareStatus::revoked}), std::vector{revoked.id});
  EXPECT_EQ(listed({.status = ShareStatus::pending}), std::vector{pending.id});
  EXPECT_EQ(listed({.status = ShareStatus::expired}), std::vector{expired.id});
  EXPECT_TRUE(listed({.status = ShareStatus::suspended}).empty());
  recipients.disable(clinic.id, now);
  wait_for_news();
  EXPECT_EQ(listed({.status = ShareStatus::suspended}),
            (std::vector{live.id, pending.id, awaiting.id}));
  EXPECT_TRUE(listed({.status = ShareStatus::awaiting}).empty());
  EXPECT_TRUE(listed({.status = ShareStatus::live}).empty());
  EXPECT_TRUE(listed({.status = ShareStatus::pending}).empty());
  EXPECT_EQ(listed({.status = ShareStatus::expired}), std::vector{expired.id});
  EXPECT_EQ(listed({.status = ShareStatus::revoked}), std::vector{revoked.id});
}

TEST_P(ShareStoreContract, EveryFilterNarrows) {
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

TEST_P(ShareStoreContract, WhatCameBackIsItsReadersWhenTheArchiveHasIt) {
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
}

TEST_P(ShareStoreContract, ReadersAndWritersOnManyThreadsSeeWholeShares) {
  constexpr int kShares = 25;
  std::jthread writer([&] {
    for (int i = 0; i < kShares; ++i)
      inserted(StudyScope{{study_key("P1", "1.1"), study_key("P1", "1.2")}});
  });
  std::jthread other_writer([&] {
    const auto connection = house->open_recipients();
    for (int i = 0; i < kShares; ++i) connection->add_token(clinic.id, "reader", now, now);
  });
  const auto reading = house->open_shares();
  std::size_t seen = 0;
  while (seen < kShares) {
    const auto shares = reading->live_for(clinic.id, now);
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

/// Whoever keeps what was read asks so whether it may be believed still.
TEST_P(ShareStoreContract, TellsThatSomethingHasChangedWhoeverDidIt) {
  const Share share = inserted();
  const auto other = house->open_shares();
  const std::uint64_t before = store.version();
  EXPECT_EQ(store.version(), before);
  static_cast<void>(store.find(share.id));
  EXPECT_EQ(store.version(), before) << "reading changes nothing";
  other->revoke(share.id, "", now);
  wait_for_news();
  const std::uint64_t revoked = store.version();
  EXPECT_NE(revoked, before);
  EXPECT_TRUE(store.find(share.id)->revoked_at);
  inserted();
  EXPECT_NE(store.version(), revoked);
}

/// A share that ends on 1 March, seen on 10 February.
class ShareExtensionContract : public tests::SharingContract {
 protected:
  ShareExtensionContract() {
    recipients.insert(clinic);
    store.insert(share);
  }
  bool extend(core::Time expires_at, core::Time extended_at) {
    return store.extend(share.id, {expires_at, extended_at, "tanaka", "the reader is ill"});
  }

  const Recipient clinic = tests::a_recipient();
  const Share share = tests::a_share(clinic.id);
  const core::Time now = at("2026-02-10T00:00:00Z");
  const core::Time later = at("2026-04-01T00:00:00Z");
  const core::Time between = at("2026-03-15T00:00:00Z");
};

TEST_P(ShareExtensionContract, MovesTheEndForEverybodyWhoAsks) {
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

TEST_P(ShareExtensionContract, IsSeenAtOnceByOtherConnections) {
  const auto other = house->open_shares();
  ASSERT_FALSE(other->is_live(share.id, between));
  ASSERT_EQ(other->find(share.id)->expires_at, share.expires_at);
  ASSERT_TRUE(extend(later, now));
  wait_for_news();
  EXPECT_TRUE(other->is_live(share.id, between));
  EXPECT_EQ(other->find(share.id)->expires_at, later);
}

TEST_P(ShareExtensionContract, IsKeptWithWhoMadeItAndWhy) {
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

TEST_P(ShareExtensionContract, NeverMovesAnEndTowardsNow) {
  EXPECT_FALSE(extend(share.expires_at, now));
  ASSERT_TRUE(extend(later, now));
  EXPECT_FALSE(extend(between, now));
  EXPECT_EQ(store.find(share.id)->expires_at, later);
}

TEST_P(ShareExtensionContract, WakesNoShareThatIsOver) {
  EXPECT_FALSE(extend(later, share.expires_at));
  store.begin_expiry(share.id, 7);
  EXPECT_FALSE(extend(later, now)) << "its expiry is about to be on record";
  Share other = tests::a_share(clinic.id);
  store.insert(other);
  store.revoke(other.id, "", now);
  EXPECT_FALSE(store.extend(other.id, {later, now, "", ""}));
  EXPECT_FALSE(store.extend(ShareId::random(), {later, now, "", ""}));
}

TEST_P(ShareExtensionContract, KeepsTheKeyUntilTheLaterEnd) {
  ASSERT_TRUE(extend(later, now));
  EXPECT_FALSE(store.destroy_mask_key(share.id, between));
  EXPECT_TRUE(store.destroy_mask_key(share.id, later));
}

class SeriesApprovalContract : public tests::SharingContract {
 protected:
  SeriesApprovalContract() {
    recipients.insert(clinic);
    store.insert(share);
  }

  const Recipient clinic = tests::a_recipient();
  const Share share = tests::a_share(clinic.id);
  const core::SeriesKey series = series_key("P1", "1.2.3", "1.2.3.1");
  const core::Time now = tests::at("2026-02-10T00:00:00Z");
};

TEST_P(SeriesApprovalContract, IsMadeOnce) {
  EXPECT_TRUE(store.approve(share.id, series, "tanaka", now));
  EXPECT_FALSE(store.approve(share.id, series, "suzuki", now));
  EXPECT_EQ(store.find(share.id)->approved_series, std::vector{series});
}

TEST_P(SeriesApprovalContract, HoldsForOneShareAlone) {
  const Share other = tests::a_share(clinic.id);
  store.insert(other);
  store.approve(share.id, series_key("P1", "1.2.3", "1.2.3.1"), "tanaka", now);
  EXPECT_TRUE(store.find(other.id)->approved_series.empty());
}

TEST_P(SeriesApprovalContract, IsListedInOrder) {
  for (const char* uid : {"1.2.3.2", "1.2.3.1"}) {
    store.approve(share.id, series_key("P1", "1.2.3", uid), "tanaka", now);
  }
  EXPECT_EQ(
      store.find(share.id)->approved_series,
      (std::vector{series_key("P1", "1.2.3", "1.2.3.1"), series_key("P1", "1.2.3", "1.2.3.2")}));
}

TEST_P(SeriesApprovalContract, IsWithdrawnOnceAndMadeAgain) {
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

TEST_P(SeriesApprovalContract, IsNoLongerLiveForWhoeverNeedsItOnceAnyConnectionWithdrewIt) {
  store.approve(share.id, series, "tanaka", now);
  ASSERT_TRUE(store.is_live(share.id, now, {series}));
  EXPECT_FALSE(store.is_live(share.id, now, {series_key("P1", "1.2.3", "1.2.3.2")}));
  const std::vector approved{series};
  const ShareStore::Asked asked[] = {{share.id, approved}};
  EXPECT_TRUE(store.are_live(asked, now));
  house->open_shares()->withdraw_approval(share.id, series, "suzuki", now);
  wait_for_news();
  EXPECT_FALSE(store.is_live(share.id, now, {series}));
  EXPECT_FALSE(store.are_live(asked, now));
  EXPECT_TRUE(store.is_live(share.id, now));
}

class MaskKeyContract : public ShareStoreContract {
 protected:
  Share kept() {
    Share share = a_share(clinic.id);
    store.insert(share, key);
    return share;
  }
  static bool same(const std::optional<core::Secret>& found, const core::Secret& expected) {
    return found && std::ranges::equal(found->view(), expected.view());
  }

  const core::Secret key = new_mask_key();
};

TEST_P(MaskKeyContract, IsThatOfTheShareForEveryConnection) {
  const Share share = kept();
  const Share other = inserted();
  EXPECT_TRUE(same(store.mask_key(share.id), key));
  EXPECT_TRUE(same(house->open_shares()->mask_key(share.id), key));
  EXPECT_FALSE(same(store.mask_key(other.id), key));
  EXPECT_FALSE(store.mask_key(ShareId::random()));
}

TEST_P(MaskKeyContract, IsTheSameAfterItWasWrappedAnew) {
  const Share share = kept();
  inserted();
  const auto other = house->open_shares();
  const auto before = store.wrapping_key_id();
  EXPECT_EQ(store.rotate_wrapping_key(), 2U);
  EXPECT_NE(store.wrapping_key_id(), before);
  EXPECT_EQ(other->wrapping_key_id(), store.wrapping_key_id());
  EXPECT_TRUE(same(other->mask_key(share.id), key));
}

TEST_P(MaskKeyContract, IsDestroyedForGoodOnceTheShareIsOver) {
  const Share share = kept();
  EXPECT_FALSE(store.destroy_mask_key(share.id, now)) << "it is live";
  EXPECT_TRUE(same(store.mask_key(share.id), key));
  store.revoke(share.id, "", now);
  EXPECT_TRUE(store.destroy_mask_key(share.id, now));
  EXPECT_FALSE(store.destroy_mask_key(share.id, now));
  EXPECT_FALSE(store.mask_key(share.id));
  EXPECT_EQ(store.find(share.id)->key_destroyed_at, now);
}

/// What nobody puts on record a second time.
TEST_P(MaskKeyContract, OfAnExpiredShareIsDestroyedAfterItsExpiryIsOnRecord) {
  const Share share = kept();
  const core::Time end = share.expires_at;
  ASSERT_EQ(store.expired(end, 10).size(), 1U);
  EXPECT_FALSE(store.expired(end, 10)[0].log_size);
  store.begin_expiry(share.id, 7);
  EXPECT_EQ(store.expired(end, 10).at(0).log_size, 7U);
  store.end_expiry(share.id, end);
  EXPECT_TRUE(store.expired(end, 10).empty());
  EXPECT_TRUE(store.destroy_mask_key(share.id, end));
}

}  // namespace sekisho::sharing
