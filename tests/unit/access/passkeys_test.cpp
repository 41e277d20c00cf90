// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/passkeys.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "access/authenticator_data.h"
#include "core/encoding.h"
#include "support/software_authenticator.h"
#include "unit/access/people_at_the_door.h"

namespace sekisho::access {
namespace {

using tests::SoftwareAuthenticator;

std::string text(core::ByteView bytes) { return core::to_base64url(bytes); }
std::string text(std::string_view bytes) { return text(core::as_bytes(bytes)); }

class PasskeysTest : public PeopleAtTheDoor {
 protected:
  std::string offered(const SessionId& in) {
    return std::get<std::string>(passkeys.offer(sato, in, kPassword, kDesk, now));
  }
  NewPasskey made(const std::string& challenge) const {
    return {text(authenticator.client_data("webauthn.create", challenge)),
            text(authenticator.new_credential()), "my key"};
  }
  std::variant<Passkey, Refusal> enrol(const NewPasskey& shown) {
    return passkeys.enrol(*stores.people->find(sato.id), session, shown, kDesk, now, record);
  }
  Passkey enrolled() { return std::get<Passkey>(enrol(made(offered(session)))); }
  Refusal enrolment_refused() { return std::get<Refusal>(enrol(made(offered(session)))); }

  SignedPasskey signs(const std::string& challenge) const {
    const std::string client_data = authenticator.client_data("webauthn.get", challenge);
    const core::Bytes assertion = authenticator.assertion();
    return {text(authenticator.name), text(client_data), text(assertion),
            text(authenticator.sign(assertion, client_data)), text(Passkeys::user_handle(sato.id))};
  }
  std::variant<Admitted, Refusal> sign_in_with(const SignedPasskey& shown) {
    return passkeys.sign_in(shown, kDesk, may_come, now);
  }
  std::variant<Admitted, Refusal> sign_in_now() {
    return sign_in_with(signs(passkeys.challenge(now)));
  }
  /// Signs in counting on, and says why that was refused.
  Refusal refused_now() {
    ++authenticator.count;
    return refusal_of(sign_in_now());
  }

  const Person sato = somebody();
  const SessionId session = SessionId::random();
  const RelyingParty party = *relying_party_of("https://share.hospital.example");
  Challenges challenges;
  Passkeys passkeys{stores, hasher, challenges, party};
  SoftwareAuthenticator authenticator;
};

TEST_F(PasskeysTest, OneThatIsEnrolledLetsInByTwoFactors) {
  const Passkey passkey = enrolled();
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(passkey.name, "my key");
  EXPECT_EQ(stores.people->find(sato.id)->passkeys, 1);
  ++authenticator.count;
  const auto answer = sign_in_now();
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  const auto& admitted = std::get<Admitted>(answer);
  EXPECT_EQ(admitted.person.id, sato.id);
  EXPECT_EQ(admitted.level, Level::password_totp);
  EXPECT_EQ(admitted.by, SecondFactor::passkey);
  EXPECT_EQ(admitted.passkey, passkey.id);
  EXPECT_EQ(stores.passkeys->of_person(sato.id).at(0).used_at, now);
}

TEST_F(PasskeysTest, AuthenticatorsOfEachAlgorithmLetIn) {
  for (const char* kind : {"EC", "RSA", "ED25519"}) {
    SoftwareAuthenticator fresh(kind);
    fresh.name = core::Bytes(40, static_cast<core::Byte>(kind[1]));
    std::swap(authenticator, fresh);
    enrolled();
    ++authenticator.count;
    EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in_now())) << kind;
  }
}

TEST_F(PasskeysTest, TheLongestNameOfACredentialIsTaken) {
  authenticator.name = core::Bytes(1023, 0x5A);
  enrolled();
  ++authenticator.count;
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in_now()));
}

TEST_F(PasskeysTest, NobodyEnrolsOneWithoutThePassword) {
  EXPECT_EQ(std::get<Refusal>(passkeys.offer(sato, session, "a guess", kDesk, now)),
            Refusal::wrong_password);
}

/// Web Authentication Level 3, §7.1: each of its checks, and what comes when it is the one that
/// fails.
TEST_F(PasskeysTest, WhatIsWrongWithAnEnrolmentIsRefused) {
  using Change = std::function<void(SoftwareAuthenticator&)>;
  const struct {
    const char* what;
    Change change;
    Refusal expected;
  } cases[] = {
      {"another origin",
       [](auto& it) { it.origin = "https://share.hospital.example.evil.example"; },
       Refusal::foreign_passkey},
      {"an origin without TLS", [](auto& it) { it.origin = "http://share.hospital.example"; },
       Refusal::foreign_passkey},
      {"another port", [](auto& it) { it.origin += ":8443"; }, Refusal::foreign_passkey},
      {"inside another page", [](auto& it) { it.cross_origin = "true"; }, Refusal::foreign_passkey},
      {"no truth value", [](auto& it) { it.cross_origin = "0"; }, Refusal::foreign_passkey},
      {"top origin",
       [](auto& it) { it.cross_origin = R"(false,"topOrigin":"https://evil.example")"; },
       Refusal::foreign_passkey},
      {"a key twice",
       [](auto& it) { it.cross_origin = R"(false,"origin":"https://share.hospital.example")"; },
       Refusal::wrong_passkey},
      {"another party", [](auto& it) { it.party = "hospital.example"; }, Refusal::foreign_passkey},
      {"nobody present", [](auto& it) { it.flags = SoftwareAuthenticator::kVerified; },
       Refusal::unverified_user},
      {"nobody verified", [](auto& it) { it.flags = SoftwareAuthenticator::kPresent; },
       Refusal::unverified_user},
      {"a copy that may not be", [](auto& it) { it.flags |= SoftwareAuthenticator::kIsCopied; },
       Refusal::wrong_passkey},
      {"trailing bytes", [](auto& it) { it.behind = {0x00}; }, Refusal::wrong_passkey},
      {"extensions that are none",
       [](auto& it) {
         it.flags |= SoftwareAuthenticator::kExtensions;
         it.behind = {0xFF};
       },
       Refusal::wrong_passkey},
      {"extensions cut off",
       [](auto& it) {
         it.flags |= SoftwareAuthenticator::kExtensions;
         it.behind = {0xA1, 0x6B, 'c', 'r', 'e', 'd'};
       },
       Refusal::wrong_passkey},
      {"a short name", [](auto& it) { it.name.resize(15); }, Refusal::wrong_passkey},
      {"a long name", [](auto& it) { it.name.resize(1024); }, Refusal::wrong_passkey},
  };
  for (const auto& [what, change, expected] : cases) {
    SoftwareAuthenticator honest;
    std::swap(authenticator, honest);
    change(authenticator);
    EXPECT_EQ(enrolment_refused(), expected) << what;
    now += std::chrono::hours(1);
  }
  EXPECT_EQ(recorded, 0);
  EXPECT_TRUE(stores.passkeys->of_person(sato.id).empty());
}

TEST_F(PasskeysTest, AnEnrolmentThatIsCutOffAnywhereIsRefused) {
  const core::Bytes whole = authenticator.new_credential();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(std::get<Refusal>(read_new_passkey(core::ByteView(whole).first(size), party.id)),
              Refusal::wrong_passkey)
        << size;
  }
  EXPECT_TRUE(std::holds_alternative<Passkey>(read_new_passkey(whole, party.id)));
}

TEST_F(PasskeysTest, AnEnrolmentBelongsToOneSessionAndIsGoodOnce) {
  const std::string elsewhere = offered(SessionId::random());
  EXPECT_EQ(std::get<Refusal>(enrol(made(elsewhere))), Refusal::stale_challenge);
  EXPECT_EQ(std::get<Refusal>(enrol(made(passkeys.challenge(now)))), Refusal::stale_challenge);
  const std::string late = offered(session);
  now += kChallengeLife;
  EXPECT_EQ(std::get<Refusal>(enrol(made(late))), Refusal::stale_challenge);
  const std::string good = offered(session);
  EXPECT_TRUE(std::holds_alternative<Passkey>(enrol(made(good))));
  authenticator.name = core::Bytes(32, 0x18);
  EXPECT_EQ(std::get<Refusal>(enrol(made(good))), Refusal::stale_challenge);
}

TEST_F(PasskeysTest, ACredentialBelongsToOnePersonAndSoManyToOne) {
  enrolled();
  EXPECT_EQ(enrolment_refused(), Refusal::known_passkey);
  for (int i = 1; i < kMostPasskeys; ++i) {
    authenticator.name = core::Bytes(32, static_cast<core::Byte>(0x40 + i));
    enrolled();
  }
  authenticator.name = core::Bytes(32, 0x70);
  EXPECT_EQ(enrolment_refused(), Refusal::known_passkey);
  EXPECT_EQ(recorded, kMostPasskeys);
}

TEST_F(PasskeysTest, ANameIsOneLineOfText) {
  for (const std::string& name :
       {std::string("two\nlines"), std::string(101, 'a'), std::string("\xFF")}) {
    NewPasskey shown = made(offered(session));
    shown.name = name;
    EXPECT_EQ(std::get<Refusal>(enrol(shown)), Refusal::wrong_passkey);
  }
}

/// Web Authentication Level 3, §7.2, likewise.
TEST_F(PasskeysTest, WhatIsWrongWithASignatureIsRefused) {
  enrolled();
  using Change = std::function<void(SoftwareAuthenticator&)>;
  const struct {
    const char* what;
    Change change;
    Refusal expected;
  } cases[] = {
      {"another origin", [](auto& it) { it.origin = "https://evil.example"; },
       Refusal::foreign_passkey},
      {"inside another page", [](auto& it) { it.cross_origin = "true"; }, Refusal::foreign_passkey},
      {"another party", [](auto& it) { it.party = "evil.example"; }, Refusal::wrong_passkey},
      {"nobody present", [](auto& it) { it.flags = SoftwareAuthenticator::kVerified; },
       Refusal::unverified_user},
      {"nobody verified", [](auto& it) { it.flags = SoftwareAuthenticator::kPresent; },
       Refusal::unverified_user},
      {"that may be copied all at once",
       [](auto& it) { it.flags |= SoftwareAuthenticator::kMayBeCopied; }, Refusal::wrong_passkey},
      {"a copy that may not be", [](auto& it) { it.flags |= SoftwareAuthenticator::kIsCopied; },
       Refusal::wrong_passkey},
      {"a credential in it", [](auto& it) { it.flags |= SoftwareAuthenticator::kCredential; },
       Refusal::wrong_passkey},
      {"trailing bytes", [](auto& it) { it.behind = {0x00}; }, Refusal::wrong_passkey},
      {"extensions that are none",
       [](auto& it) {
         it.flags |= SoftwareAuthenticator::kExtensions;
         it.behind = {0xFF};
       },
       Refusal::wrong_passkey},
      {"another name", [](auto& it) { it.name = core::Bytes(32, 0x71); }, Refusal::unknown_passkey},
  };
  const core::Byte flags = authenticator.flags;
  const core::Bytes name = authenticator.name;
  for (const auto& [what, change, expected] : cases) {
    change(authenticator);
    EXPECT_EQ(refused_now(), expected) << what;
    authenticator.origin = party.origin;
    authenticator.party = party.id;
    authenticator.cross_origin = "false";
    authenticator.flags = flags;
    authenticator.name = name;
    authenticator.behind.clear();
  }
  ++authenticator.count;
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in_now()));
}

TEST_F(PasskeysTest, AnotherKeyAnotherTypeOrAnotherPersonIsRefused) {
  enrolled();
  ++authenticator.count;
  const SignedPasskey good = signs(passkeys.challenge(now));
  const auto refused = [&](auto change) {
    SignedPasskey shown = good;
    change(shown);
    return refusal_of(sign_in_with(shown));
  };
  const SoftwareAuthenticator other;
  const std::string said(core::as_text(*core::from_base64url(good.client_data)));
  EXPECT_EQ(
      refused([&](auto& it) { it.signature = text(other.sign(authenticator.assertion(), said)); }),
      Refusal::wrong_passkey);
  EXPECT_EQ(refused([&](auto& it) { it.signature.resize(it.signature.size() / 4 * 2); }),
            Refusal::wrong_passkey);
  EXPECT_EQ(refused([&](auto& it) { it.signature.clear(); }), Refusal::wrong_passkey);
  EXPECT_EQ(refused([&](auto& it) { it.signature = "no base64url!"; }), Refusal::wrong_passkey);
  EXPECT_EQ(refused([&](auto& it) { it.user_handle.clear(); }), Refusal::wrong_passkey);
  EXPECT_EQ(
      refused([&](auto& it) { it.user_handle = text(Passkeys::user_handle(PersonId::random())); }),
      Refusal::wrong_passkey);
  EXPECT_EQ(refused([&](auto& it) {
              it.client_data =
                  text(authenticator.client_data("webauthn.create", passkeys.challenge(now)));
            }),
            Refusal::foreign_passkey);
  EXPECT_EQ(refused([&](auto& it) { it.client_data = text(said + " "); }), Refusal::wrong_passkey);
  EXPECT_EQ(refused([&](auto& it) { it.client_data = text(said + "{}"); }), Refusal::wrong_passkey);
  const core::Bytes assertion = authenticator.assertion();
  for (std::size_t size = 0; size < assertion.size(); ++size) {
    const Passkey passkey = stores.passkeys->of_person(sato.id).at(0);
    const auto verified =
        verify_assertion({core::ByteView(assertion).first(size),
                          authenticator.sign(assertion, said), core::sha256(core::as_bytes(said))},
                         passkey, party.id);
    EXPECT_TRUE(std::holds_alternative<Refusal>(verified)) << size;
  }
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in_with(good)));
}

TEST_F(PasskeysTest, AnAnswerIsGoodOnceWhoeverTriesItAndHoweverMany) {
  authenticator.count = 0;  // one that does not count: the challenge alone tells
  enrolled();
  const SignedPasskey shown = signs(passkeys.challenge(now));
  std::atomic<int> let_in = 0;
  std::vector<std::jthread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([&] { let_in += std::holds_alternative<Admitted>(sign_in_with(shown)); });
  }
  all.clear();
  EXPECT_EQ(let_in, 1);
  EXPECT_EQ(refusal_of(sign_in_with(shown)), Refusal::stale_challenge);
}

TEST_F(PasskeysTest, AChallengeThatIsOldOrOfAnotherProcessIsRefused) {
  enrolled();
  const std::string old = passkeys.challenge(now);
  now += kChallengeLife;
  ++authenticator.count;
  EXPECT_EQ(refusal_of(sign_in_with(signs(old))), Refusal::stale_challenge);
  const Challenges elsewhere;
  EXPECT_EQ(refusal_of(sign_in_with(signs(elsewhere.issue("sign in", now)))),
            Refusal::stale_challenge);
  EXPECT_EQ(refusal_of(sign_in_with(signs(offered(session)))), Refusal::stale_challenge);
  EXPECT_EQ(refusal_of(sign_in_with(signs(""))), Refusal::stale_challenge);
}

TEST_F(PasskeysTest, ACountThatDoesNotGoOnIsACopy) {
  authenticator.count = 7;
  enrolled();
  EXPECT_EQ(refusal_of(sign_in_now()), Refusal::copied_passkey);
  authenticator.count = 6;
  EXPECT_EQ(refusal_of(sign_in_now()), Refusal::copied_passkey);
  authenticator.count = 0;
  EXPECT_EQ(refusal_of(sign_in_now()), Refusal::copied_passkey);
  authenticator.count = 8;
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in_now()));
}

TEST_F(PasskeysTest, WhoIsDisabledOrElsewhereStaysOutside) {
  enrolled();
  may_come = [](const std::string&) { return false; };
  EXPECT_EQ(refused_now(), Refusal::foreign_person);
  may_come = [](const std::string&) { return true; };
  stores.people->disable(sato.id, now);
  EXPECT_EQ(refused_now(), Refusal::disabled_person);
}

TEST_F(PasskeysTest, GuessesMeetTheBackOffOfTheirSite) {
  enrolled();
  authenticator.name = core::Bytes(32, 0x71);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(refused_now(), Refusal::unknown_passkey);
  EXPECT_EQ(refused_now(), Refusal::blocked_site);
}

TEST_F(PasskeysTest, WhoSignsInOftenIsNeverBlocked) {
  enrolled();
  for (int i = 0; i < 30; ++i) {
    ++authenticator.count;
    ASSERT_TRUE(std::holds_alternative<Admitted>(sign_in_now()));
  }
}

TEST_F(PasskeysTest, OneThatIsRemovedOpensNothing) {
  const Passkey passkey = enrolled();
  const Person suzuki = somebody("suzuki");
  EXPECT_FALSE(passkeys.remove(suzuki, passkey.id.text(), record));
  EXPECT_FALSE(passkeys.remove(sato, PasskeyId::random().text(), record));
  EXPECT_FALSE(passkeys.remove(sato, "no id", record));
  EXPECT_EQ(recorded, 1);
  EXPECT_TRUE(passkeys.remove(sato, passkey.id.text(), record));
  EXPECT_EQ(recorded, 2);
  EXPECT_EQ(refused_now(), Refusal::unknown_passkey);
}

TEST_F(PasskeysTest, NothingChangesThatIsNotOnRecord) {
  const Record broken = [](const Person&) { throw std::runtime_error("the log is full"); };
  EXPECT_THROW(passkeys.enrol(sato, session, made(offered(session)), kDesk, now, broken),
               std::runtime_error);
  EXPECT_TRUE(stores.passkeys->of_person(sato.id).empty());
  const Passkey passkey = enrolled();
  EXPECT_THROW(passkeys.remove(sato, passkey.id.text(), broken), std::runtime_error);
  EXPECT_EQ(stores.passkeys->of_person(sato.id).size(), 1U);
}

TEST(RelyingPartyOf, IsTheNameAndTheOriginAsBrowsersWriteThem) {
  const struct {
    const char* url;
    const char* id;
    const char* origin;
  } good[] = {
      {"https://share.hospital.example", "share.hospital.example",
       "https://share.hospital.example"},
      {"https://Share.Hospital.example:443", "share.hospital.example",
       "https://share.hospital.example"},
      {"https://share.hospital.example:8443", "share.hospital.example",
       "https://share.hospital.example:8443"},
      {"http://localhost:8080", "localhost", "http://localhost:8080"},
  };
  for (const auto& [url, id, origin] : good) {
    const auto party = relying_party_of(url);
    ASSERT_TRUE(party) << url;
    EXPECT_EQ(party->id, id);
    EXPECT_EQ(party->origin, origin);
  }
  for (const char* url : {"https://10.20.0.1", "https://[fd00::1]:8443", "https://", "", "share",
                          "https://share.hospital.example/door"}) {
    EXPECT_FALSE(relying_party_of(url)) << url;
  }
}

TEST(ChallengesOf, AreRememberedAsLongAsTheyCouldBeUsedAgain) {
  Challenges challenges;
  const core::Time now = tests::moment("2026-02-01T09:00:00Z");
  const std::string challenge = challenges.issue("a", now);
  EXPECT_FALSE(challenges.is_open(challenge, "b", now));
  EXPECT_FALSE(challenges.is_open(challenge, "a", now - std::chrono::seconds(1)));
  EXPECT_TRUE(challenges.is_open(challenge, "a", now));
  EXPECT_TRUE(challenges.spend(challenge, now));
  EXPECT_FALSE(challenges.spend(challenge, now));
  EXPECT_FALSE(challenges.is_open(challenge, "a", now));
  EXPECT_NE(challenges.issue("a", now), challenges.issue("a", now));
  // Nobody makes us remember without end.
  for (std::size_t i = 1; i < Challenges::kMostSpent; ++i) {
    ASSERT_TRUE(challenges.spend(std::to_string(i), now));
  }
  EXPECT_FALSE(challenges.spend(challenges.issue("a", now), now));
  EXPECT_TRUE(challenges.spend(challenges.issue("a", now), now + kChallengeLife));
}

}  // namespace
}  // namespace sekisho::access
