// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/database.h"
#include "sharing/consent.h"
#include "sharing/sqlite/sqlite_consent_store.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::at;
using Withdrawal = ConsentStore::Withdrawal;

/// Of P1 to treatment, for the first half of 2026.
Consent a_consent(std::string patient = "P1", std::string purpose = "TREAT") {
  Consent consent;
  consent.id = ConsentId::random();
  consent.patient_id = std::move(patient);
  consent.purpose = std::move(purpose);
  consent.valid_from = at("2026-01-01T00:00:00Z");
  consent.valid_until = at("2026-07-01T00:00:00Z");
  consent.obtained_by = "Dr. Suzuki";
  consent.reference = "form 26-0012";
  consent.created_at = at("2026-01-01T09:00:00Z");
  consent.created_by = "his";
  return consent;
}

TEST(ConsentStatus, FollowsTheTimeAndEndsWithTheWithdrawal) {
  Consent consent = a_consent();
  EXPECT_EQ(status(consent, at("2025-12-31T23:59:59Z")), ConsentStatus::pending);
  EXPECT_EQ(status(consent, consent.valid_from), ConsentStatus::valid);
  EXPECT_EQ(status(consent, at("2026-06-30T23:59:59Z")), ConsentStatus::valid);
  EXPECT_EQ(status(consent, consent.valid_until), ConsentStatus::expired);
  consent.withdrawn_at = at("2026-02-01T00:00:00Z");
  EXPECT_EQ(status(consent, consent.valid_from), ConsentStatus::withdrawn);
}

TEST(PurposeCodes, AreWords) {
  for (const char* code : {"TREAT", "x", "a.b_c-1"}) EXPECT_TRUE(is_purpose_code(code)) << code;
  for (const std::string& text : {std::string(), std::string("a b"), std::string("診療"),
                                  std::string("a\n"), std::string(65, 'a')}) {
    EXPECT_FALSE(is_purpose_code(text)) << text;
  }
}

class Consents : public testing::Test {
 protected:
  Consents() { recipients.insert(clinic); }

  Consent put_down(Consent consent) {
    EXPECT_TRUE(store.insert(consent));
    return consent;
  }
  /// In February 2026.
  Share shared(Scope scope = StudyScope{{tests::study_key("P1", "1.2.3")}},
               std::string purpose = "TREAT") {
    Share share = tests::a_share(clinic.id);
    share.scope = std::move(scope);
    share.purpose = std::move(purpose);
    EXPECT_TRUE(shares.insert(share));
    return share;
  }
  bool may_share(const Scope& scope, const std::string& purpose = "TREAT",
                 std::string_view end = "2026-03-01T00:00:00Z") {
    Share share = tests::a_share(clinic.id);
    share.scope = scope;
    share.purpose = purpose;
    share.expires_at = at(end);
    const bool made = shares.insert(share, new_mask_key(), std::nullopt, ConsentRule::required);
    EXPECT_EQ(shares.find(share.id).has_value(), made);
    return made;
  }
  void refuses(std::initializer_list<const char*> statements) const {
    auto database = core::db::open(place.database);
    for (const char* sql : statements) EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }

  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  SqliteRecipientStore recipients{place};
  SqliteShareStore shares{place};
  SqliteConsentStore store{place};
  const Recipient clinic = tests::a_recipient();
  const core::Time now = at("2026-02-10T00:00:00Z");
  const StudyScope study{{tests::study_key("P1", "1.2.3")}};
  const ConsentStore::Act act{now, "his", "asked for by the patient"};
};

TEST_F(Consents, AreKeptAsTheyAre) {
  const Consent consent = put_down(a_consent("患者 1"));
  const auto found = store.find(consent.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->patient_id, "患者 1");
  EXPECT_EQ(found->purpose, "TREAT");
  EXPECT_EQ(found->valid_from, consent.valid_from);
  EXPECT_EQ(found->valid_until, consent.valid_until);
  EXPECT_EQ(found->obtained_by, "Dr. Suzuki");
  EXPECT_EQ(found->reference, "form 26-0012");
  EXPECT_EQ(found->created_at, consent.created_at);
  EXPECT_EQ(found->created_by, "his");
  EXPECT_FALSE(found->withdrawn_at);
  EXPECT_FALSE(store.find(ConsentId::random()));
}

TEST_F(Consents, AreMadeOnceByOneKey) {
  const CreationKey key{{1}, {2}, now};
  EXPECT_TRUE(store.insert(a_consent(), key));
  EXPECT_FALSE(store.insert(a_consent(), key));
  EXPECT_EQ(store.list({}, now).size(), 1U);
}

TEST_F(Consents, AreListedByPatientStatusAndTime) {
  const Consent first = put_down(a_consent());
  const Consent other = put_down(a_consent("P2"));
  Consent late = a_consent();
  late.valid_from = at("2026-03-01T00:00:00Z");
  late.created_at = now;
  put_down(late);
  store.withdraw(first.id, act, {});
  const auto ids = [&](const ConsentFilter& filter) {
    std::vector<ConsentId> found;
    for (const Consent& consent : store.list(filter, now)) found.push_back(consent.id);
    return found;
  };
  using Ids = std::vector<ConsentId>;
  EXPECT_EQ(ids({}), (Ids{first.id, other.id, late.id}));
  EXPECT_EQ(ids({.patient_id = "P1"}), (Ids{first.id, late.id}));
  EXPECT_EQ(ids({.order = ListOrder::newest_first, .limit = 2}), (Ids{late.id, other.id}));
  EXPECT_EQ(ids({.after = first.id}), (Ids{other.id, late.id}));
  EXPECT_EQ(ids({.order = ListOrder::newest_first, .after = other.id}), Ids{first.id});
  EXPECT_EQ(ids({.since = now}), Ids{late.id});
  EXPECT_EQ(ids({.until = now}), (Ids{first.id, other.id}));
  EXPECT_EQ(ids({.status = ConsentStatus::withdrawn}), Ids{first.id});
  EXPECT_EQ(ids({.status = ConsentStatus::valid}), Ids{other.id});
  EXPECT_EQ(ids({.status = ConsentStatus::pending}), Ids{late.id});
  EXPECT_EQ(ids({.status = ConsentStatus::expired}), Ids{});
}

TEST_F(Consents, TheOneThatHoldsLongestCounts) {
  EXPECT_FALSE(store.longest("P1", "TREAT", now));
  const Consent first = put_down(a_consent());
  Consent longer = a_consent();
  longer.valid_until = at("2027-01-01T00:00:00Z");
  put_down(longer);
  put_down(a_consent("P1", "HRESCH"));
  EXPECT_EQ(store.longest("P1", "TREAT", now)->id, longer.id);
  EXPECT_FALSE(store.longest("P2", "TREAT", now));
  EXPECT_FALSE(store.longest("P1", "treat", now));
  EXPECT_FALSE(store.longest("P1", "TREAT", longer.valid_until));
  EXPECT_FALSE(store.longest("P1", "TREAT", at("2025-12-31T23:59:59Z")));
  store.withdraw(longer.id, act, {});
  EXPECT_EQ(store.longest("P1", "TREAT", now)->id, first.id);
}

TEST_F(Consents, CarryAShareOfAllItsPatientsForItsPurposeAndAllItsTime) {
  EXPECT_FALSE(may_share(study));
  put_down(a_consent());
  EXPECT_TRUE(may_share(study));
  EXPECT_TRUE(may_share(PatientScope{"P1"}));
  EXPECT_TRUE(may_share(study, "TREAT", "2026-07-01T00:00:00Z"));
  EXPECT_FALSE(may_share(study, "TREAT", "2026-07-01T00:00:01Z"));
  EXPECT_FALSE(may_share(study, "HRESCH"));
  EXPECT_FALSE(may_share(study, ""));
  const StudyScope of_two{{tests::study_key("P1", "1.9"), tests::study_key("P2", "1.9")}};
  EXPECT_FALSE(may_share(of_two));
  const Consent second = put_down(a_consent("P2"));
  EXPECT_TRUE(may_share(of_two));
  store.withdraw(second.id, act, store.ended_without(second.id, now));
  EXPECT_FALSE(may_share(of_two));
}

TEST_F(Consents, ThatBeginLaterThanTheShareCarryNone) {
  Consent consent = a_consent();
  consent.valid_from = at("2026-02-02T00:00:00Z");
  put_down(consent);
  EXPECT_FALSE(may_share(study)) << "it begins on 1 February";
}

TEST_F(Consents, CarryAnExtensionAsFarAsTheyHold) {
  put_down(a_consent());
  const Share share = shared();
  const auto extended = [&](std::string_view end) {
    return shares.extend(share.id, {at(end), now, "tanaka", ""}, ConsentRule::required);
  };
  EXPECT_FALSE(extended("2026-07-01T00:00:01Z"));
  EXPECT_TRUE(extended("2026-07-01T00:00:00Z"));
  Consent renewed = a_consent();
  renewed.valid_from = now;
  renewed.valid_until = at("2027-01-01T00:00:00Z");
  put_down(renewed);
  EXPECT_TRUE(extended("2026-12-01T00:00:00Z")) << "the later consent holds since now";
}

TEST_F(Consents, EndEveryShareOfThePatientThatNoOtherCarries) {
  const Consent consent = put_down(a_consent());
  put_down(a_consent("P1", "HRESCH"));
  const Share treatment = shared();
  const Share all = shared(PatientScope{"P1"});
  const Share of_no_purpose = shared(study, "referral");
  const Share research = shared(study, "HRESCH");
  const Share of_another = shared(PatientScope{"P2"});
  const Share revoked = shared();
  shares.revoke(revoked.id, "", now);
  EXPECT_EQ(store.ended_without(consent.id, now),
            (std::vector{treatment.id, all.id, of_no_purpose.id}));
  EXPECT_TRUE(store.ended_without(consent.id, at("2026-03-01T00:00:00Z")).empty());
  ASSERT_EQ(store.withdraw(consent.id, act, store.ended_without(consent.id, now)),
            Withdrawal::done);
  for (const Share& share : {treatment, all, of_no_purpose}) {
    EXPECT_FALSE(shares.is_live(share.id, now));
    EXPECT_EQ(shares.find(share.id)->revoke_reason, "asked for by the patient");
    EXPECT_EQ(shares.find(share.id)->revoked_at, now);
  }
  EXPECT_TRUE(shares.is_live(research.id, now));
  EXPECT_TRUE(shares.is_live(of_another.id, now));
  EXPECT_EQ(store.ended_shares(consent.id), (std::vector{treatment.id, all.id, of_no_purpose.id}));
  EXPECT_EQ(store.find(consent.id)->withdrawn_by, "his");
}

TEST_F(Consents, AnotherOneCarriesAShareOnlyToItsEnd) {
  const Consent consent = put_down(a_consent());
  Consent shorter = a_consent();
  shorter.valid_until = at("2026-02-20T00:00:00Z");
  put_down(shorter);
  const Share share = shared();
  EXPECT_EQ(store.ended_without(consent.id, now), std::vector{share.id});
  Consent equal = a_consent();
  equal.valid_until = share.expires_at;
  equal.valid_from = now;
  put_down(equal);
  EXPECT_TRUE(store.ended_without(consent.id, now).empty());
}

TEST_F(Consents, AreWithdrawnOnceAndOnlyWithAllThatEnds) {
  const Consent consent = put_down(a_consent());
  const Share first = shared();
  const Share second = shared();
  EXPECT_EQ(store.withdraw(consent.id, act, {first.id}), Withdrawal::ends_more);
  EXPECT_FALSE(store.find(consent.id)->withdrawn_at);
  EXPECT_TRUE(shares.is_live(first.id, now));
  EXPECT_EQ(store.withdraw(consent.id, act, {first.id, second.id}), Withdrawal::done);
  EXPECT_EQ(store.withdraw(consent.id, {now, "other", "again"}, {}), Withdrawal::withdrawn_before);
  EXPECT_EQ(store.find(consent.id)->withdraw_reason, "asked for by the patient");
}

TEST_F(Consents, AreNotEditedInTheFile) {
  const Consent consent = put_down(a_consent());
  const Share share = shared();
  refuses({"UPDATE consent SET patient_id = 'P2'",
           "UPDATE consent SET valid_until = valid_until + 1",
           "UPDATE consent SET withdraw_reason = 'x'", "DELETE FROM consent",
           "INSERT INTO ended_share SELECT consent.id, share.id FROM consent, share"});
  store.withdraw(consent.id, act, {share.id});
  refuses({"UPDATE consent SET withdrawn_at = NULL", "UPDATE consent SET withdrawn_by = 'x'",
           "DELETE FROM ended_share", "UPDATE ended_share SET share = ''"});
}

}  // namespace
}  // namespace sekisho::sharing
