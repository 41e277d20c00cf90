// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/share.h"

#include <gtest/gtest.h>

#include "support/sharing_builders.h"

namespace sekisho::sharing {
namespace {

using tests::a_recipient;
using tests::a_share;
using tests::at;
using tests::instance_key;
using tests::series_key;
using tests::study_key;

TEST(Scope, OfAPatientCoversEverythingOfThatPatient) {
  const Scope scope = PatientScope{"P1"};
  EXPECT_TRUE(covers(scope, study_key("P1", "1.1")));
  EXPECT_TRUE(covers(scope, series_key("P1", "1.1", "1.1.1")));
  EXPECT_TRUE(covers(scope, instance_key("P1", "1.1", "1.1.1", "1.1.1.1")));
  EXPECT_FALSE(covers(scope, study_key("P2", "1.1")));
  EXPECT_FALSE(covers(scope, instance_key("P2", "1.1", "1.1.1", "1.1.1.1")));
}

TEST(Scope, OfAStudyCoversItsLateSeriesAndNoOtherStudy) {
  const Scope scope = StudyScope{{study_key("P1", "1.1"), study_key("P1", "1.2")}};
  EXPECT_TRUE(covers(scope, study_key("P1", "1.2")));
  EXPECT_TRUE(covers(scope, series_key("P1", "1.1", "1.1.99")));
  EXPECT_TRUE(covers(scope, instance_key("P1", "1.1", "1.1.99", "1.1.99.1")));
  EXPECT_FALSE(covers(scope, study_key("P1", "1.3")));
  EXPECT_FALSE(covers(scope, series_key("P1", "1.3", "1.1.99")));
}

TEST(Scope, OfAStudyIsThatStudyOfThatPatientOnly) {
  const Scope scope = StudyScope{{study_key("P1", "1.1")}};
  EXPECT_FALSE(covers(scope, study_key("P2", "1.1")));
  EXPECT_FALSE(covers(scope, series_key("P2", "1.1", "1.1.1")));
}

TEST(Scope, OfASeriesShowsItsStudyButNotTheOtherSeries) {
  const Scope scope = SeriesScope{{series_key("P1", "1.1", "1.1.1")}};
  EXPECT_TRUE(covers(scope, study_key("P1", "1.1")));
  EXPECT_TRUE(covers(scope, series_key("P1", "1.1", "1.1.1")));
  EXPECT_TRUE(covers(scope, instance_key("P1", "1.1", "1.1.1", "1.1.1.5")));
  EXPECT_FALSE(covers(scope, study_key("P1", "1.2")));
  EXPECT_FALSE(covers(scope, series_key("P1", "1.1", "1.1.2")));
  EXPECT_FALSE(covers(scope, instance_key("P1", "1.1", "1.1.2", "1.1.2.1")));
}

TEST(Scope, OfAnInstanceShowsItsStudyAndSeriesButNotTheOtherInstances) {
  const Scope scope = InstanceScope{{instance_key("P1", "1.1", "1.1.1", "1.1.1.1")}};
  EXPECT_TRUE(covers(scope, study_key("P1", "1.1")));
  EXPECT_TRUE(covers(scope, series_key("P1", "1.1", "1.1.1")));
  EXPECT_TRUE(covers(scope, instance_key("P1", "1.1", "1.1.1", "1.1.1.1")));
  EXPECT_FALSE(covers(scope, series_key("P1", "1.1", "1.1.2")));
  EXPECT_FALSE(covers(scope, instance_key("P1", "1.1", "1.1.1", "1.1.1.2")));
  EXPECT_FALSE(covers(scope, instance_key("P1", "1.1", "1.1.2", "1.1.1.1")));
}

class ShareStatusAt : public testing::Test {
 protected:
  Recipient recipient = a_recipient();
  Share share = a_share(recipient.id);
};

TEST_F(ShareStatusAt, IsPendingBeforeAndLiveFromItsFirstMoment) {
  EXPECT_EQ(status(share, recipient, at("2026-01-31T23:59:59.999999Z")), ShareStatus::pending);
  EXPECT_EQ(status(share, recipient, at("2026-02-01T00:00:00Z")), ShareStatus::live);
}

TEST_F(ShareStatusAt, IsExpiredFromTheMomentOfItsExpiry) {
  EXPECT_EQ(status(share, recipient, at("2026-02-28T23:59:59.999999Z")), ShareStatus::live);
  EXPECT_EQ(status(share, recipient, at("2026-03-01T00:00:00Z")), ShareStatus::expired);
}

TEST_F(ShareStatusAt, RevokedOutranksEveryOther) {
  share.revoked_at = at("2026-01-20T00:00:00Z");
  EXPECT_EQ(status(share, recipient, at("2026-01-21T00:00:00Z")), ShareStatus::revoked);
  EXPECT_EQ(status(share, recipient, at("2026-04-01T00:00:00Z")), ShareStatus::revoked);
}

TEST_F(ShareStatusAt, IsSuspendedWhileItsRecipientIsDisabledUnlessItIsOver) {
  recipient.disabled_at = at("2026-01-20T00:00:00Z");
  EXPECT_EQ(status(share, recipient, at("2026-01-21T00:00:00Z")), ShareStatus::suspended);
  EXPECT_EQ(status(share, recipient, at("2026-02-02T00:00:00Z")), ShareStatus::suspended);
  EXPECT_EQ(status(share, recipient, at("2026-03-01T00:00:00Z")), ShareStatus::expired);
  share.revoked_at = at("2026-02-01T00:00:00Z");
  EXPECT_EQ(status(share, recipient, at("2026-02-02T00:00:00Z")), ShareStatus::revoked);
}

TEST_F(ShareStatusAt, IsAwaitingUntilSomebodyElseApprovesIt) {
  const auto on = [&](std::string_view moment) { return status(share, recipient, at(moment)); };
  share.needs_approval = true;
  EXPECT_EQ(on("2026-01-21T00:00:00Z"), ShareStatus::awaiting);
  EXPECT_EQ(on("2026-02-02T00:00:00Z"), ShareStatus::awaiting);
  EXPECT_EQ(on("2026-03-01T00:00:00Z"), ShareStatus::expired);
  share.approval = Approval{at("2026-01-20T00:00:00Z"), "suzuki"};
  EXPECT_EQ(on("2026-01-21T00:00:00Z"), ShareStatus::pending);
  EXPECT_EQ(on("2026-02-02T00:00:00Z"), ShareStatus::live);
}

TEST(Names, AreReadBackAsTheyAreWritten) {
  for (auto value :
       {Assurance::link, Assurance::password, Assurance::password_totp, Assurance::certificate}) {
    EXPECT_EQ(parse_assurance(name(value)), value);
  }
  for (auto value : {ShareStatus::awaiting, ShareStatus::pending, ShareStatus::live,
                     ShareStatus::suspended, ShareStatus::expired, ShareStatus::revoked}) {
    EXPECT_EQ(parse_status(name(value)), value);
  }
  for (auto value : {Permission::view, Permission::download, Permission::give_back}) {
    EXPECT_EQ(parse_permission(name(value)), value);
  }
  for (auto value : {IntendedUse::reference, IntendedUse::reading}) {
    EXPECT_EQ(parse_intended_use(name(value)), value);
  }
}

TEST(Names, AreTheOnesOfTheStaffApi) {
  EXPECT_EQ(name(Assurance::password_totp), "password+totp");
  EXPECT_EQ(name(Permission::give_back), "return");
  EXPECT_FALSE(parse_permission("give_back"));
  EXPECT_FALSE(parse_assurance("Password"));
  EXPECT_FALSE(parse_status(""));
}

}  // namespace
}  // namespace sekisho::sharing
