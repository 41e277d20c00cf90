// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/authenticate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <type_traits>

#include "core/random.h"
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

// Only authenticate() makes one.
static_assert(!std::is_default_constructible_v<Authenticated>);
static_assert(!std::is_aggregate_v<Authenticated>);
static_assert(!std::is_constructible_v<Authenticated, Recipient>);
static_assert(!std::is_constructible_v<Authenticated, Recipient, Assurance, Method, core::IpAddress,
                                       std::string, std::optional<ShareId>>);

class AuthenticateTest : public testing::Test {
 protected:
  AuthenticateTest() {
    recipients.insert(clinic);
    recipients.insert(reader);
    Share share = a_share(clinic.id);
    share.link_hash = link.hash;
    shares.insert(share);
    share_id = share.id;
  }

  std::string token_of(const Recipient& recipient) {
    return recipients.add_token(recipient.id, "viewer", at("2026-06-01T00:00:00Z"), now)->text;
  }
  core::Sha256 certificate_of(const Recipient& recipient) {
    Certificate certificate;
    certificate.id = CertificateId::random();
    certificate.recipient = recipient.id;
    core::fill_random(certificate.sha256);
    certificate.not_after = at("2026-06-01T00:00:00Z");
    recipients.add_certificate(certificate);
    return certificate.sha256;
  }
  std::variant<Authenticated, Denial> answer(const Presented& presented) {
    return authenticate(presented, recipients, shares, now);
  }
  Denial denial(const Presented& presented) {
    const auto result = answer(presented);
    EXPECT_TRUE(std::holds_alternative<Denial>(result));
    return std::get<Denial>(result);
  }
  Authenticated success(const Presented& presented) {
    auto result = answer(presented);
    if (const auto* why = std::get_if<Denial>(&result)) ADD_FAILURE() << name(*why);
    return std::get<Authenticated>(std::move(result));
  }

  tests::TemporaryDirectory directory;
  SqliteRecipientStore recipients{SharingPlace::in(directory.path())};
  SqliteShareStore shares{SharingPlace::in(directory.path())};
  const Recipient clinic = a_recipient();
  const Recipient reader = a_recipient("Remote reader");
  const NewBearer link = new_bearer(BearerKind::link);
  ShareId share_id;
  const core::IpAddress inside = address("10.20.0.5");
  const core::IpAddress outside = address("10.21.0.5");
  core::Time now = at("2026-02-10T00:00:00Z");
};

TEST_F(AuthenticateTest, TokenIdentifiesItsRecipient) {
  const auto who = success({inside, std::nullopt, token_of(clinic)});
  EXPECT_EQ(who.recipient().id, clinic.id);
  EXPECT_EQ(who.recipient().name, clinic.name);
  EXPECT_EQ(who.assurance(), Assurance::password);
  EXPECT_EQ(who.method(), Method::token);
  EXPECT_EQ(who.source(), inside);
  EXPECT_FALSE(who.only_share());
}

TEST_F(AuthenticateTest, LinkIdentifiesTheRecipientForItsShareOnly) {
  const auto who = success({inside, std::nullopt, link.text});
  EXPECT_EQ(who.recipient().id, clinic.id);
  EXPECT_EQ(who.assurance(), Assurance::link);
  EXPECT_EQ(who.method(), Method::link);
  EXPECT_EQ(who.only_share(), share_id);
}

TEST_F(AuthenticateTest, LinkOfARevokedShareStillIdentifiesSoThatTheRecordSaysWhy) {
  shares.revoke(share_id, "", now);
  EXPECT_EQ(success({inside, std::nullopt, link.text}).only_share(), share_id);
}

TEST_F(AuthenticateTest, EnrolledCertificateIdentifiesItsRecipient) {
  const auto who = success({inside, certificate_of(reader), std::nullopt});
  EXPECT_EQ(who.recipient().id, reader.id);
  EXPECT_EQ(who.assurance(), Assurance::certificate);
  EXPECT_EQ(who.method(), Method::certificate);
}

TEST_F(AuthenticateTest, TokenWithCertificateOfTheSameRecipientIsTheStronger) {
  const auto who = success({inside, certificate_of(clinic), token_of(clinic)});
  EXPECT_EQ(who.assurance(), Assurance::certificate);
  EXPECT_EQ(who.method(), Method::token_and_certificate);
  EXPECT_FALSE(who.only_share());
}

TEST_F(AuthenticateTest, CredentialsOfOneRecipientAreToldApart) {
  const auto certificate = certificate_of(clinic);
  const auto token = token_of(clinic);
  const std::string by_token = success({inside, std::nullopt, token}).credential().id;
  const std::string by_certificate = success({inside, certificate, std::nullopt}).credential().id;
  EXPECT_EQ(by_token, recipients.find_token(token)->id.text());
  EXPECT_EQ(by_certificate, recipients.find_certificate(certificate)->id.text());
  EXPECT_NE(success({inside, std::nullopt, token_of(clinic)}).credential().id, by_token);
  EXPECT_EQ(success({inside, certificate, token}).credential().id, by_certificate + '+' + by_token);
  EXPECT_EQ(success({inside, std::nullopt, link.text}).credential().id, share_id.text());
}

TEST_F(AuthenticateTest, WhatLetSomebodyInHoldsUntilItWouldNotAnyMore) {
  const auto certificate = certificate_of(clinic);
  const auto who = success({inside, certificate, token_of(clinic)});
  const auto holds = [&] { return sharing::holds(who.credential(), recipients, now); };
  EXPECT_TRUE(holds());

  recipients.disable(clinic.id, now);
  EXPECT_FALSE(holds());
  recipients.enable(clinic.id);
  EXPECT_TRUE(holds());

  const auto network = tests::network("10.20.0.0/24");
  recipients.add_network(clinic.id, tests::network("10.30.0.0/24"));
  recipients.remove_network(clinic.id, network);
  EXPECT_FALSE(holds());
  recipients.add_network(clinic.id, network);
  EXPECT_TRUE(holds());

  recipients.remove_certificate(recipients.find_certificate(certificate)->id);
  EXPECT_FALSE(holds());
}

TEST_F(AuthenticateTest, ARevokedTokenDoesNotHold) {
  const auto token = token_of(clinic);
  const auto who = success({inside, std::nullopt, token});
  recipients.revoke_token(recipients.find_token(token)->id, now);
  EXPECT_FALSE(holds(who.credential(), recipients, now));
}

TEST_F(AuthenticateTest, WhatHasExpiredDoesNotHold) {
  const auto by_token = success({inside, std::nullopt, token_of(clinic)});
  const auto by_certificate = success({inside, certificate_of(clinic), std::nullopt});
  now = at("2026-06-01T00:00:00Z");
  EXPECT_FALSE(holds(by_token.credential(), recipients, now));
  EXPECT_FALSE(holds(by_certificate.credential(), recipients, now));
}

/// A certificate that nobody enrolled, and what the authority number 1 says of it.
class VouchedCertificate : public AuthenticateTest {
 protected:
  VouchedCertificate() { core::fill_random(certificate); }

  static core::Sha256 numbered(core::Byte number) {
    core::Sha256 hash{};
    hash[0] = number;
    return hash;
  }
  CertificateRuleId rule(const Recipient& recipient, core::Byte name, core::Byte authority = 1) {
    const CertificateRule made{CertificateRuleId::random(),
                               recipient.id,
                               numbered(authority),
                               {NameKind::uri, "urn:a", numbered(name)},
                               now};
    EXPECT_EQ(recipients.add_certificate_rule(made), RecipientStore::Enrolment::done);
    return made.id;
  }
  void enrol(const Recipient& recipient) {
    Certificate enrolled;
    enrolled.id = CertificateId::random();
    enrolled.recipient = recipient.id;
    enrolled.sha256 = certificate;
    enrolled.not_after = at("2026-06-01T00:00:00Z");
    recipients.add_certificate(enrolled);
  }
  Presented shown(std::optional<std::string> bearer = std::nullopt) {
    return {inside, certificate, std::move(bearer), std::nullopt,
            [this](core::Time) { return said; }};
  }

  core::Sha256 certificate{};
  Vouching said = Vouched{{numbered(1)}, {numbered(10), numbered(11)}};
};

TEST_F(VouchedCertificate, IsThatOfWhomARuleNames) {
  const auto id = rule(clinic, 11);
  const auto who = success(shown());
  EXPECT_EQ(who.recipient().id, clinic.id);
  EXPECT_EQ(who.assurance(), Assurance::certificate);
  EXPECT_EQ(who.method(), Method::certificate);
  EXPECT_EQ(who.credential().id, id.text());
  EXPECT_EQ(success(shown(token_of(clinic))).method(), Method::token_and_certificate);
  EXPECT_EQ(denial(shown(token_of(reader))), Denial::contradicting_credentials);
}

TEST_F(VouchedCertificate, MayBeRenewed) {
  const auto id = rule(clinic, 10);
  success(shown());
  core::fill_random(certificate);
  EXPECT_EQ(success(shown()).credential().id, id.text());
}

TEST_F(VouchedCertificate, IsNobodysWithoutARuleForItsNameAndItsAuthority) {
  rule(clinic, 12);
  rule(clinic, 10, 2);
  EXPECT_EQ(denial(shown()), Denial::unnamed_certificate);
  EXPECT_EQ(success(shown(token_of(clinic))).method(), Method::token) << "it counts as none";
  said = Vouched{{numbered(1), numbered(2)}, {numbered(10)}};
  EXPECT_EQ(success(shown()).recipient().id, clinic.id) << "any authority above it will do";
}

TEST_F(VouchedCertificate, OfTwoRecipientsLetsNobodyIn) {
  rule(clinic, 10);
  const auto second = rule(reader, 11);
  EXPECT_EQ(denial(shown()), Denial::ambiguous_certificate);
  EXPECT_EQ(denial(shown(token_of(clinic))), Denial::ambiguous_certificate);
  recipients.remove_certificate_rule(second);
  success(shown());
  enrol(reader);
  EXPECT_EQ(denial(shown()), Denial::ambiguous_certificate) << "a fingerprint wins over no rule";
}

TEST_F(VouchedCertificate, MayBeEnrolledAndNamedForOneRecipient) {
  rule(clinic, 10);
  rule(clinic, 11);
  enrol(clinic);
  EXPECT_EQ(success(shown()).recipient().id, clinic.id);
}

TEST_F(VouchedCertificate, IsRefusedForItsAuthoritysReasonWhateverStandsBesideIt) {
  rule(clinic, 10);
  enrol(clinic);
  for (const Denial why :
       {Denial::expired_credential, Denial::early_certificate, Denial::revoked_certificate,
        Denial::unknown_revocation, Denial::unfit_certificate, Denial::unreadable_authorities}) {
    said = why;
    EXPECT_EQ(denial(shown()), why);
    EXPECT_EQ(denial(shown(token_of(clinic))), why);
    EXPECT_EQ(denial(shown(link.text)), why);
  }
}

TEST_F(VouchedCertificate, OfAnUnknownAuthorityCountsAsEnrolledOrNone) {
  said = Denial::unknown_authority;
  rule(clinic, 10);
  EXPECT_EQ(denial(shown()), Denial::unknown_authority);
  EXPECT_EQ(success(shown(token_of(clinic))).method(), Method::token);
  enrol(clinic);
  EXPECT_EQ(success(shown()).method(), Method::certificate);
}

TEST_F(VouchedCertificate, HoldsAsLongAsItWouldBeLetIn) {
  const auto id = rule(clinic, 10);
  const auto who = success(shown());
  EXPECT_TRUE(holds(who.credential(), recipients, now));
  said = Denial::revoked_certificate;
  EXPECT_FALSE(holds(who.credential(), recipients, now));
  said = Vouched{{numbered(1)}, {numbered(10), numbered(11)}};
  EXPECT_TRUE(holds(who.credential(), recipients, now));
  const auto other = rule(reader, 11);
  EXPECT_FALSE(holds(who.credential(), recipients, now)) << "it is two recipients' now";
  recipients.remove_certificate_rule(other);
  recipients.remove_certificate_rule(id);
  EXPECT_FALSE(holds(who.credential(), recipients, now));
  rule(reader, 10);
  EXPECT_FALSE(holds(who.credential(), recipients, now)) << "it is another's";
}

TEST_F(AuthenticateTest, LinkWithCertificateIsStrongButStillOpensOneShare) {
  const auto who = success({inside, certificate_of(clinic), link.text});
  EXPECT_EQ(who.assurance(), Assurance::certificate);
  EXPECT_EQ(who.only_share(), share_id);
}

TEST_F(AuthenticateTest, CredentialsOfTwoRecipientsContradict) {
  EXPECT_EQ(denial({inside, certificate_of(reader), token_of(clinic)}),
            Denial::contradicting_credentials);
  EXPECT_EQ(denial({inside, certificate_of(reader), link.text}), Denial::contradicting_credentials);
}

TEST_F(AuthenticateTest, UnenrolledCertificateCountsAsNone) {
  EXPECT_EQ(denial({inside, core::Sha256{}, std::nullopt}), Denial::unknown_credential);
  EXPECT_EQ(success({inside, core::Sha256{}, token_of(clinic)}).method(), Method::token);
}

TEST_F(AuthenticateTest, NothingPresentedIsUnknown) {
  EXPECT_EQ(denial({inside, std::nullopt, std::nullopt}), Denial::unknown_credential);
}

TEST_F(AuthenticateTest, WrongBearerIsUnknownEvenBesideAGoodCertificate) {
  for (const std::string& bearer :
       {std::string(), std::string("guess"), new_bearer(BearerKind::token).text,
        new_bearer(BearerKind::link).text}) {
    EXPECT_EQ(denial({inside, std::nullopt, bearer}), Denial::unknown_credential) << bearer;
    EXPECT_EQ(denial({inside, certificate_of(clinic), bearer}), Denial::unknown_credential);
  }
}

TEST_F(AuthenticateTest, BearerIsCaseSensitive) {
  std::string token = token_of(clinic);
  std::transform(token.begin() + 4, token.end(), token.begin() + 4,
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(denial({inside, std::nullopt, token}), Denial::unknown_credential);
}

TEST_F(AuthenticateTest, TokenTextDoesNotPassAsALink) {
  EXPECT_EQ(denial({inside, std::nullopt, "skl_" + token_of(clinic).substr(4)}),
            Denial::unknown_credential);
  EXPECT_EQ(denial({inside, std::nullopt, "skt_" + link.text.substr(4)}),
            Denial::unknown_credential);
}

TEST_F(AuthenticateTest, TokenDiesAtTheMomentOfItsExpiry) {
  const Presented presented{inside, std::nullopt, token_of(clinic)};
  now = at("2026-05-31T23:59:59.999999Z");
  success(presented);
  now = at("2026-06-01T00:00:00Z");
  EXPECT_EQ(denial(presented), Denial::expired_credential);
}

TEST_F(AuthenticateTest, RevokedTokenIsOver) {
  const auto made = recipients.add_token(clinic.id, "viewer", at("2026-06-01T00:00:00Z"), now);
  recipients.revoke_token(made->token.id, now);
  EXPECT_EQ(denial({inside, std::nullopt, made->text}), Denial::expired_credential);
}

TEST_F(AuthenticateTest, CertificateDiesAtTheMomentOfItsEndWhateverStandsBesideIt) {
  const auto certificate = certificate_of(clinic);
  now = at("2026-05-31T23:59:59.999999Z");
  success({inside, certificate, std::nullopt});
  now = at("2026-06-01T00:00:00Z");
  EXPECT_EQ(denial({inside, certificate, std::nullopt}), Denial::expired_credential);
  EXPECT_EQ(denial({inside, certificate, link.text}), Denial::expired_credential);
}

TEST_F(AuthenticateTest, RemovedCertificateCountsAsNone) {
  const auto certificate = certificate_of(clinic);
  recipients.remove_certificate(recipients.find_certificate(certificate)->id);
  EXPECT_EQ(denial({inside, certificate, std::nullopt}), Denial::unknown_credential);
}

TEST_F(AuthenticateTest, DisablingARecipientEndsEveryCredential) {
  const auto token = token_of(clinic);
  const auto certificate = certificate_of(clinic);
  recipients.disable(clinic.id, now);
  EXPECT_EQ(denial({inside, std::nullopt, token}), Denial::disabled_recipient);
  EXPECT_EQ(denial({inside, certificate, std::nullopt}), Denial::disabled_recipient);
  EXPECT_EQ(denial({inside, std::nullopt, link.text}), Denial::disabled_recipient);
}

TEST_F(AuthenticateTest, RightCredentialFromAForeignNetworkIsRefused) {
  EXPECT_EQ(denial({outside, std::nullopt, token_of(clinic)}), Denial::foreign_network);
  EXPECT_EQ(denial({outside, certificate_of(clinic), std::nullopt}), Denial::foreign_network);
  EXPECT_EQ(denial({outside, std::nullopt, link.text}), Denial::foreign_network);
}

TEST_F(AuthenticateTest, MappedIpv4SourceIsInItsIpv4Network) {
  success({address("::ffff:10.20.0.5"), std::nullopt, token_of(clinic)});
}

TEST_F(AuthenticateTest, AddedNetworkOpensAtOnce) {
  const auto token = token_of(clinic);
  recipients.add_network(clinic.id, tests::network("10.21.0.0/24"));
  success({outside, std::nullopt, token});
}

TEST(MethodNames, AreTheOnesOfTheAuditLog) {
  EXPECT_EQ(name(Method::link), "link");
  EXPECT_EQ(name(Method::token), "token");
  EXPECT_EQ(name(Method::certificate), "certificate");
  EXPECT_EQ(name(Method::token_and_certificate), "token+certificate");
}

/// Somebody whom the gateway knows by a session.
SignedIn signed_in(const Recipient& recipient, Assurance assurance) {
  SignedIn who;
  who.session = "a session";
  who.recipient = recipient.id;
  who.person = "a person";
  who.person_name = "Sato Kyoko";
  who.assurance = assurance;
  who.holds = [](core::Time) { return true; };
  return who;
}

TEST_F(AuthenticateTest, ASessionIsWorthWhatItWasBegunWith) {
  const struct {
    Assurance begun;
    Assurance worth;
    Method method;
  } sessions[] = {
      {Assurance::link, Assurance::link, Method::link},
      {Assurance::password, Assurance::password, Method::password},
      {Assurance::password_totp, Assurance::password_totp, Method::password_totp},
      // No session shows a certificate.
      {Assurance::certificate, Assurance::password_totp, Method::password_totp},
  };
  for (const auto& session : sessions) {
    const Authenticated who = success(
        {address("10.20.0.7"), std::nullopt, std::nullopt, signed_in(clinic, session.begun)});
    EXPECT_EQ(who.assurance(), session.worth);
    EXPECT_EQ(who.method(), session.method);
    EXPECT_EQ(who.credential().id, "a session");
    EXPECT_EQ(who.credential().signed_in->person_name, "Sato Kyoko");
  }
}

TEST_F(AuthenticateTest, AnApplicationPasswordIsOneFactorWhateverIsSaidOfIt) {
  SignedIn viewer = signed_in(clinic, Assurance::password_totp);
  viewer.by = SignedIn::By::application_password;
  const Authenticated who = success({address("10.20.0.7"), std::nullopt, std::nullopt, viewer});
  EXPECT_EQ(who.assurance(), Assurance::password);
  EXPECT_EQ(who.method(), Method::application_password);
  EXPECT_EQ(name(who.method()), "application_password");
  const Authenticated both =
      success({address("10.20.0.7"), certificate_of(clinic), std::nullopt, viewer});
  EXPECT_EQ(both.assurance(), Assurance::certificate);
  EXPECT_EQ(both.method(), Method::password_and_certificate);
}

TEST_F(AuthenticateTest, WhomAnIdentityProviderNamesIsAsSureAsItSays) {
  for (const Assurance said : {Assurance::password, Assurance::password_totp}) {
    SignedIn elsewhere = signed_in(clinic, said);
    elsewhere.by = SignedIn::By::provider;
    const auto who = success({address("10.20.0.7"), std::nullopt, std::nullopt, elsewhere});
    EXPECT_EQ(who.assurance(), said);
    EXPECT_EQ(name(who.method()), "openid");
    const auto both =
        success({address("10.20.0.7"), certificate_of(clinic), std::nullopt, elsewhere});
    EXPECT_EQ(both.assurance(), Assurance::certificate);
    EXPECT_EQ(name(both.method()), "openid+certificate");
  }
}

TEST_F(AuthenticateTest, ASessionCountsFromTheRecipientsNetworksWhileItIsEnabled) {
  const auto who = signed_in(clinic, Assurance::password);
  EXPECT_EQ(denial({address("10.99.0.1"), std::nullopt, std::nullopt, who}),
            Denial::foreign_network);
  recipients.disable(clinic.id, now);
  EXPECT_EQ(denial({address("10.20.0.7"), std::nullopt, std::nullopt, who}),
            Denial::disabled_recipient);
}

TEST_F(AuthenticateTest, ASessionBesideACertificateIsOfOneRecipient) {
  const auto who = signed_in(clinic, Assurance::password);
  const Authenticated both =
      success({address("10.20.0.7"), certificate_of(clinic), std::nullopt, who});
  EXPECT_EQ(both.assurance(), Assurance::certificate);
  EXPECT_EQ(both.method(), Method::password_and_certificate);
  EXPECT_EQ(denial({address("10.20.0.7"), certificate_of(reader), std::nullopt, who}),
            Denial::contradicting_credentials);
}

TEST_F(AuthenticateTest, WhatASessionLetInIsOverWithTheSession) {
  bool is_signed_in = true;
  SignedIn who = signed_in(clinic, Assurance::password);
  who.holds = [&](core::Time) { return is_signed_in; };
  const Authenticated let_in = success({address("10.20.0.7"), std::nullopt, std::nullopt, who});
  EXPECT_TRUE(holds(let_in.credential(), recipients, now));
  is_signed_in = false;
  EXPECT_FALSE(holds(let_in.credential(), recipients, now));
}

}  // namespace
}  // namespace sekisho::sharing
