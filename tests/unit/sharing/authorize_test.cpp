// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/authorize.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "sharing/bearer.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

using tests::a_recipient;
using tests::a_share;
using tests::address;
using tests::at;
using tests::instance_key;
using tests::series_key;
using tests::study_key;

// Only authorize() makes one.
static_assert(!std::is_default_constructible_v<Grant>);
static_assert(!std::is_aggregate_v<Grant>);
static_assert(!std::is_constructible_v<Grant, ShareId, RecipientId, Permission, Object>);

class AuthorizeTest : public testing::Test {
 protected:
  AuthorizeTest() {
    recipients.insert(clinic);
    recipients.insert(reader);
    share.link_hash = link.hash;
    shares.insert(share);
  }

  Authenticated by_token(const Recipient& recipient) {
    const auto token =
        recipients.add_token(recipient.id, "viewer", at("2027-01-01T00:00:00Z"), now)->text;
    return authenticated({address("10.20.0.5"), std::nullopt, token});
  }
  Authenticated by_token_for(const TokenScope& scope) {
    Token token{TokenId::random(), clinic.id, "viewer", now, at("2027-01-01T00:00:00Z")};
    token.scope = scope;
    return authenticated(
        {address("10.20.0.5"), std::nullopt, recipients.add_token(token, std::nullopt)->text});
  }
  Authenticated by_link() { return authenticated({address("10.20.0.5"), std::nullopt, link.text}); }
  Authenticated by_session(const std::string& person) {
    SignedIn signed_in;
    signed_in.session = std::string(32, 'a');
    signed_in.recipient = clinic.id;
    signed_in.person = person;
    signed_in.assurance = Assurance::password;
    signed_in.holds = [](core::Time) { return true; };
    return authenticated({address("10.20.0.5"), std::nullopt, std::nullopt, signed_in});
  }
  Authenticated authenticated(const Presented& presented) {
    return std::get<Authenticated>(authenticate(presented, recipients, shares, now));
  }

  std::optional<Denial> denial(const Authenticated& who, const Object& object = WholeShare{},
                               Permission permission = Permission::view) {
    const auto answer = authorize(share, who, permission, object, now);
    const auto* why = std::get_if<Denial>(&answer);
    return why == nullptr ? std::nullopt : std::optional(*why);
  }

  tests::TemporaryDirectory directory;
  SqliteRecipientStore recipients{SharingPlace::in(directory.path())};
  SqliteShareStore shares{SharingPlace::in(directory.path())};
  const Recipient clinic = a_recipient();
  const Recipient reader = a_recipient("Remote reader");
  const NewBearer link = new_bearer(BearerKind::link);
  Share share = a_share(clinic.id);
  core::Time now = at("2026-02-10T00:00:00Z");
};

TEST_F(AuthorizeTest, GrantSaysWhatWasGranted) {
  const auto study = study_key("P1", "1.2.3");
  const auto answer = authorize(share, by_token(clinic), Permission::download, study, now);
  const auto& grant = std::get<Grant>(answer);
  EXPECT_EQ(grant.share(), share.id);
  EXPECT_EQ(grant.recipient(), clinic.id);
  EXPECT_EQ(grant.permission(), Permission::download);
  EXPECT_EQ(std::get<core::StudyKey>(grant.object()), study);
}

TEST_F(AuthorizeTest, ShareOfSomebodyElseIsForeign) {
  EXPECT_EQ(denial(by_token(reader)), Denial::foreign_share);
}

TEST_F(AuthorizeTest, LinkOpensItsOwnShareOnly) {
  share.assurance = Assurance::link;
  const auto who = by_link();
  EXPECT_EQ(denial(who), std::nullopt);
  share.id = ShareId::random();
  EXPECT_EQ(denial(who), Denial::foreign_share);
}

TEST_F(AuthorizeTest, ShareOfOnePersonOpensForTheirSessionsAlone) {
  const std::string sato(32, 'b');
  const std::string suzuki(32, 'c');
  EXPECT_EQ(denial(by_session(suzuki)), std::nullopt);
  share.person = sato;
  EXPECT_EQ(denial(by_session(sato)), std::nullopt);
  EXPECT_EQ(denial(by_session(suzuki)), Denial::other_person);
  EXPECT_EQ(denial(by_session("")), Denial::other_person);
  EXPECT_EQ(denial(by_token(clinic)), Denial::other_person);
  EXPECT_EQ(denial(by_link()), Denial::other_person);
  EXPECT_EQ(denial(by_token(reader)), Denial::foreign_share) << "of its recipient not even";
  EXPECT_TRUE(opens(by_session(sato), share));
  EXPECT_FALSE(opens(by_session(suzuki), share));
}

TEST_F(AuthorizeTest, ShareThatAwaitsItsApprovalOpensForNobody) {
  const auto who = by_token(clinic);
  share.needs_approval = true;
  EXPECT_EQ(denial(who), Denial::unapproved_share);
  EXPECT_EQ(not_valid(share, now), Denial::unapproved_share);
  share.approval = Approval{now, "suzuki"};
  EXPECT_EQ(denial(who), std::nullopt);
}

TEST_F(AuthorizeTest, ShareLivesFromItsFirstMoment) {
  const auto who = by_token(clinic);
  now = share.not_before - std::chrono::microseconds(1);
  EXPECT_EQ(denial(who), Denial::not_yet_valid);
  now = share.not_before;
  EXPECT_EQ(denial(who), std::nullopt);
}

TEST_F(AuthorizeTest, ShareDiesAtTheSecondOfItsExpiry) {
  const auto who = by_token(clinic);
  now = share.expires_at - std::chrono::microseconds(1);
  EXPECT_EQ(denial(who), std::nullopt);
  now = share.expires_at;
  EXPECT_EQ(denial(who), Denial::expired_share);
}

TEST_F(AuthorizeTest, RevokedShareIsOver) {
  share.revoked_at = now;
  EXPECT_EQ(denial(by_token(clinic)), Denial::revoked_share);
}

TEST_F(AuthorizeTest, ShareWithoutItsKeyIsOver) {
  share.key_destroyed_at = now;
  EXPECT_EQ(denial(by_token(clinic)), Denial::destroyed_key);
  EXPECT_EQ(status(share, clinic, now), ShareStatus::expired);
}

TEST_F(AuthorizeTest, StrangerWithTheLinkSeesNothingOfAShareThatAsksForMore) {
  EXPECT_EQ(denial(by_link()), Denial::weak_assurance);
}

TEST_F(AuthorizeTest, EveryAssuranceBelowTheDemandedIsTooWeak) {
  const auto token = by_token(clinic);
  share.assurance = Assurance::password;
  EXPECT_EQ(denial(token), std::nullopt);
  share.assurance = Assurance::password_totp;
  EXPECT_EQ(denial(token), Denial::weak_assurance);
  share.assurance = Assurance::certificate;
  EXPECT_EQ(denial(token), Denial::weak_assurance);
}

TEST_F(AuthorizeTest, EachPermissionIsItsOwn) {
  const auto who = by_token(clinic);
  const std::array all = {Permission::view, Permission::download, Permission::give_back};
  for (Permission given : all) {
    share.permissions = {.view = given == Permission::view,
                         .download = given == Permission::download,
                         .give_back = given == Permission::give_back};
    for (Permission asked : all) {
      const auto expected =
          asked == given ? std::nullopt : std::optional(Denial::missing_permission);
      EXPECT_EQ(denial(who, WholeShare{}, asked), expected) << name(given) << name(asked);
    }
  }
}

TEST_F(AuthorizeTest, TokenMayDoLessThanTheShareAndNeverMore) {
  for (const Permission given : kPermissions) {
    TokenScope scope{Permissions{}};
    add(scope.permissions, given);
    const auto who = by_token_for(scope);
    share.permissions = kEveryPermission;
    EXPECT_EQ(permitted(who, share), scope.permissions);
    for (const Permission asked : kPermissions) {
      const auto expected = asked == given ? std::nullopt : std::optional(Denial::narrow_token);
      EXPECT_EQ(denial(who, WholeShare{}, asked), expected) << name(given) << name(asked);
    }
    share.permissions = {};
    EXPECT_EQ(denial(who, WholeShare{}, given), Denial::missing_permission);
    EXPECT_EQ(permitted(who, share), Permissions());
  }
}

TEST_F(AuthorizeTest, TokenForSharesOpensTheseAndNoOther) {
  const auto who = by_token_for({kEveryPermission, std::vector{share.id}});
  const auto elsewhere = by_token_for({kEveryPermission, std::vector{ShareId::random()}});
  EXPECT_EQ(denial(who), std::nullopt);
  EXPECT_EQ(denial(elsewhere), Denial::narrow_token);
  EXPECT_FALSE(opens(elsewhere, share));
  EXPECT_EQ(denial(by_token_for({kEveryPermission, std::vector<ShareId>()})), Denial::narrow_token);
  share.recipient = reader.id;
  EXPECT_EQ(denial(who), Denial::foreign_share) << "naming it makes it nobody's own";
}

TEST_F(AuthorizeTest, ObjectsOutsideTheScopeAreRefusedAtEveryLevel) {
  const auto who = by_token(clinic);
  EXPECT_EQ(denial(who, study_key("P1", "1.2.3")), std::nullopt);
  EXPECT_EQ(denial(who, series_key("P1", "1.2.3", "1.2.3.1")), std::nullopt);
  EXPECT_EQ(denial(who, instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1")), std::nullopt);
  EXPECT_EQ(denial(who, study_key("P1", "1.2.4")), Denial::out_of_scope);
  EXPECT_EQ(denial(who, study_key("P2", "1.2.3")), Denial::out_of_scope);
  EXPECT_EQ(denial(who, series_key("P1", "1.2.4", "1.2.3.1")), Denial::out_of_scope);
  EXPECT_EQ(denial(who, instance_key("P1", "1.2.4", "1.2.3.1", "1.2.3.1.1")), Denial::out_of_scope);
}

TEST_F(AuthorizeTest, WholeShareNeedsNoCoverage) {
  share.scope = StudyScope{};
  EXPECT_EQ(denial(by_token(clinic)), std::nullopt);
}

TEST_F(AuthorizeTest, ReasonsAreReportedInTheOrderOfTheEnumeration) {
  const auto stranger = by_token(reader);
  const auto who = by_link();
  share.not_before = now + std::chrono::hours(1);
  share.expires_at = now;
  share.revoked_at = now;
  share.permissions = {};
  const Object elsewhere = study_key("P9", "9.9");
  share.person = std::string(32, 'b');
  EXPECT_EQ(denial(stranger, elsewhere), Denial::foreign_share);
  EXPECT_EQ(denial(who, elsewhere), Denial::other_person);
  share.person.clear();
  EXPECT_EQ(denial(who, elsewhere), Denial::not_yet_valid);
  share.not_before = now;
  EXPECT_EQ(denial(who, elsewhere), Denial::expired_share);
  share.expires_at = now + std::chrono::hours(1);
  EXPECT_EQ(denial(who, elsewhere), Denial::revoked_share);
  share.revoked_at.reset();
  share.needs_approval = true;
  EXPECT_EQ(denial(who, elsewhere), Denial::unapproved_share);
  share.needs_approval = false;
  EXPECT_EQ(denial(who, elsewhere), Denial::weak_assurance);
  share.assurance = Assurance::link;
  EXPECT_EQ(denial(who, elsewhere), Denial::missing_permission);
  share.permissions.view = true;
  EXPECT_EQ(denial(who, elsewhere), Denial::out_of_scope);
}

TEST(DenialNames, AreDistinctAndNotEmpty) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(Denial::out_of_scope);
  for (int i = 0; i <= last; ++i) names.insert(name(static_cast<Denial>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace sekisho::sharing
