// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sign_in.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit/access/people_at_the_door.h"

namespace sekisho::access {
namespace {

const std::string kRight{kPassword};

TEST_F(PeopleAtTheDoor, APasswordLetsIn) {
  const Person sato = somebody();
  const auto answer = sign_in({"SATO", kRight, "", ""});
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  EXPECT_EQ(std::get<Admitted>(answer).person.id, sato.id);
  EXPECT_EQ(std::get<Admitted>(answer).level, Level::password);
}

TEST_F(PeopleAtTheDoor, WhatIsWrongIsToldToTheLog) {
  const Person sato = somebody();
  EXPECT_EQ(refusal_of(sign_in({"sato", "something else", "", ""})), Refusal::wrong_password);
  EXPECT_EQ(refusal_of(sign_in({"nobody", kRight, "", ""})), Refusal::unknown_person);
  EXPECT_EQ(refusal_of(sign_in({"no login\n", kRight, "", ""})), Refusal::unknown_person);
  stores.people->insert(tests::a_person("invited"));
  EXPECT_EQ(refusal_of(sign_in({"invited", "", "", ""})), Refusal::no_password);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "123456", ""})), Refusal::wrong_code);
  stores.people->disable(sato.id, now);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::disabled_person);
}

TEST_F(PeopleAtTheDoor, WhoHasASecondFactorShowsIt) {
  const Person sato = somebody();
  enrolled(sato);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::missing_code);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, code(), ""})), Refusal::wrong_code);  // was used
  now += std::chrono::seconds(30);
  EXPECT_EQ(refusal_of(sign_in({"sato", "something else", code(), ""})), Refusal::wrong_password);
  const auto answer = sign_in({"sato", kRight, code(), ""});
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  EXPECT_EQ(std::get<Admitted>(answer).level, Level::password_totp);
  EXPECT_EQ(std::get<Admitted>(answer).by, SecondFactor::code);
}

TEST_F(PeopleAtTheDoor, ACodeIsGoodOnceAcrossARestart) {
  enrolled(somebody());
  now += std::chrono::seconds(30);
  ASSERT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, code(), ""})));
  Stores restarted = open_stores(AccessPlace::in(directory.path()));
  SignIn again(restarted, hasher);
  EXPECT_EQ(refusal_of(again.by_password({"sato", kRight, code(), ""}, kDesk, may_come, now)),
            Refusal::wrong_code);
}

TEST_F(PeopleAtTheDoor, ARecoveryCodeIsGoodOnce) {
  const RecoveryCodes codes = enrolled(somebody());
  const auto answer = sign_in({"sato", kRight, "", codes.texts[3]});
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  EXPECT_EQ(std::get<Admitted>(answer).by, SecondFactor::recovery_code);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", codes.texts[3]})), Refusal::wrong_code);
  now += std::chrono::seconds(30);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, code(), codes.texts[4]})), Refusal::wrong_code);
}

TEST_F(PeopleAtTheDoor, GuessesMeetTheBackOffWhileAnotherSignsIn) {
  somebody();
  somebody("suzuki");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(refusal_of(sign_in({"sato", "a guess", "", ""})), Refusal::wrong_password);
  }
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::blocked_person);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""}, kElsewhere)), Refusal::blocked_person);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"suzuki", kRight, "", ""})));
  now += std::chrono::seconds(30);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
}

TEST_F(PeopleAtTheDoor, WhomNobodyKnowsIsBlockedAsSomebodyIs) {
  for (int i = 0; i < 5; ++i) sign_in({"nobody", "a guess", "", ""});
  EXPECT_EQ(refusal_of(sign_in({"nobody", "a guess", "", ""})), Refusal::blocked_person);
}

TEST_F(PeopleAtTheDoor, GuessesOfASecondFactorMeetTheBackOff) {
  enrolled(somebody());
  now += std::chrono::seconds(30);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "000000", ""})), Refusal::wrong_code);
  }
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, code(), ""})), Refusal::blocked_person);
}

TEST_F(PeopleAtTheDoor, AnAddressThatTriesEverybodyIsBlockedAndNoOther) {
  somebody();
  for (int i = 0; i < 20; ++i) sign_in({"person" + std::to_string(i), "a guess", "", ""});
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::blocked_site);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""}, kElsewhere)));
}

TEST_F(PeopleAtTheDoor, ManyGuessesAtOnceAreNoMoreThanManyInTurn) {
  auto settings = tests::quick_hashing();
  settings.waiting = settings.waiting_per_site = 100;
  PasswordHasher roomy(settings);
  SignIn wide(stores, roomy);
  somebody();
  std::atomic<int> looked_at = 0;
  std::vector<std::jthread> guessing;
  for (int i = 0; i < 16; ++i) {
    guessing.emplace_back([&] {
      const auto answer = wide.by_password({"sato", "a guess", "", ""}, kDesk, may_come, now);
      looked_at += refusal_of(answer) == Refusal::wrong_password;
    });
  }
  guessing.clear();
  EXPECT_EQ(looked_at, 5);
}

TEST_F(PeopleAtTheDoor, StrangersKeepNobodyOut) {
  somebody();
  const MayCome nobody_may = [](const std::string&) { return false; };
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(refusal_of(door.by_password({"sato", kRight, "", ""}, kElsewhere, nobody_may, now)),
              Refusal::foreign_person);
  }
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
}

TEST_F(PeopleAtTheDoor, WhoMistypesNowAndThenIsNeverBlocked) {
  somebody();
  for (int i = 0; i < 30; ++i) {
    sign_in({"sato", "a slip", "", ""}, i % 2 == 0 ? kDesk : kElsewhere);
    ASSERT_TRUE(std::holds_alternative<Admitted>(
        sign_in({"sato", kRight, "", ""}, i % 2 == 0 ? kDesk : kElsewhere)));
  }
}

TEST_F(PeopleAtTheDoor, AnOldHashIsMadeAnewWhenThePasswordIsThere) {
  const Person sato = somebody();
  auto stronger = tests::quick_hashing();
  stronger.passes = 2;
  PasswordHasher next(stronger);
  SignIn later(stores, next);
  const std::string before = stores.people->secrets(sato.id)->password_hash;
  later.by_password({"sato", "a guess", "", ""}, kDesk, may_come, now);
  EXPECT_EQ(stores.people->secrets(sato.id)->password_hash, before);
  ASSERT_TRUE(std::holds_alternative<Admitted>(
      later.by_password({"sato", kRight, "", ""}, kDesk, may_come, now)));
  EXPECT_FALSE(next.is_outdated(stores.people->secrets(sato.id)->password_hash));
  EXPECT_TRUE(std::holds_alternative<Admitted>(
      later.by_password({"sato", kRight, "", ""}, kDesk, may_come, now)));
}

TEST_F(PeopleAtTheDoor, WhoFindsNoTurnIsToldToComeAgainAndNothingIsCounted) {
  auto settings = tests::quick_hashing();
  settings.patience = std::chrono::milliseconds(0);
  settings.at_once = 0;
  PasswordHasher full(settings);
  SignIn busy(stores, full);
  somebody();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(refusal_of(busy.by_password({"sato", kRight, "", ""}, kDesk, may_come, now)),
              Refusal::busy);
  }
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
}

TEST_F(PeopleAtTheDoor, AnInvitationGivesAPasswordOnce) {
  const Person sato = tests::a_person();
  stores.people->insert(sato);
  const NewSecret secret = invitation_for(sato);
  const auto answer = door.by_invitation(secret.text, kPassword, kDesk, may_come, now, record);
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  EXPECT_EQ(std::get<Admitted>(answer).person.id, sato.id);
  EXPECT_TRUE(std::get<Admitted>(answer).person.password_set_at ==
              stores.people->find(sato.id)->password_set_at);
  EXPECT_EQ(std::get<Admitted>(answer).level, Level::password);
  EXPECT_EQ(
      std::get<Refusal>(door.by_invitation(secret.text, kPassword, kDesk, may_come, now, record)),
      Refusal::unknown_invitation);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
}

TEST_F(PeopleAtTheDoor, APasswordThatWillNotDoLeavesTheInvitation) {
  const Person sato = tests::a_person();
  stores.people->insert(sato);
  const NewSecret secret = invitation_for(sato);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(std::get<PasswordFlaw>(
                  door.by_invitation(secret.text, "password123456", kDesk, may_come, now, record)),
              PasswordFlaw::common);
  }
  EXPECT_TRUE(std::holds_alternative<Admitted>(
      door.by_invitation(secret.text, kPassword, kDesk, may_come, now, record)));
}

TEST_F(PeopleAtTheDoor, GuessedInvitationsMeetTheBackOff) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(std::get<Refusal>(door.by_invitation(new_secret(SecretKind::invitation).text,
                                                   kPassword, kDesk, may_come, now, record)),
              Refusal::unknown_invitation);
  }
  EXPECT_EQ(std::get<Refusal>(door.by_invitation("ski_", kPassword, kDesk, may_come, now, record)),
            Refusal::blocked_site);
}

TEST_F(PeopleAtTheDoor, AnInvitationOpensNothingFromElsewhere) {
  const Person sato = tests::a_person();
  stores.people->insert(sato);
  const NewSecret secret = invitation_for(sato);
  const MayCome nobody_may = [](const std::string&) { return false; };
  EXPECT_EQ(
      std::get<Refusal>(door.by_invitation(secret.text, kPassword, kDesk, nobody_may, now, record)),
      Refusal::foreign_person);
  EXPECT_TRUE(std::holds_alternative<Admitted>(
      door.by_invitation(secret.text, kPassword, kDesk, may_come, now, record)));
}

const std::string kNext = "paper crane 4 thunder";

TEST_F(PeopleAtTheDoor, ALinkGivesANewPasswordOnceAndIsOnRecordBefore) {
  const NewSecret secret = reset_of(somebody());
  const auto answer = reset(secret, kNext);
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  EXPECT_EQ(std::get<Admitted>(answer).level, Level::password);
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(std::get<Refusal>(reset(secret, kNext)), Refusal::unknown_reset);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::wrong_password);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kNext, "", ""})));
}

TEST_F(PeopleAtTheDoor, ALinkDoesNotStandInForTheSecondFactor) {
  const Person sato = somebody();
  enrolled(sato);
  const NewSecret secret = reset_of(sato);
  recorded = 0;
  EXPECT_EQ(std::get<Refusal>(reset(secret, kNext)), Refusal::missing_code);
  EXPECT_EQ(std::get<Refusal>(reset(secret, kNext, code())), Refusal::wrong_code);  // was used
  EXPECT_EQ(recorded, 0);
  now += std::chrono::seconds(30);
  const auto answer = reset(secret, kNext, code());
  ASSERT_TRUE(std::holds_alternative<Admitted>(answer));
  EXPECT_EQ(std::get<Admitted>(answer).level, Level::password_totp);
  EXPECT_EQ(std::get<Admitted>(answer).by, SecondFactor::code);
  now += std::chrono::seconds(30);
  EXPECT_EQ(refusal_of(sign_in({"sato", kNext, "", ""})), Refusal::missing_code);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kNext, code(), ""})));
}

TEST_F(PeopleAtTheDoor, CodesGuessedBehindALinkMeetTheBackOff) {
  const Person sato = somebody();
  enrolled(sato);
  const NewSecret secret = reset_of(sato);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(std::get<Refusal>(reset(secret, kNext, "000000")), Refusal::wrong_code);
  }
  EXPECT_EQ(std::get<Refusal>(reset(secret, kNext, code())), Refusal::blocked_person);
}

TEST_F(PeopleAtTheDoor, ALinkOpensForHalfAnHourAndFromItsNetworksAlone) {
  const Person sato = somebody();
  const NewSecret secret = reset_of(sato);
  const MayCome nobody_may = [](const std::string&) { return false; };
  EXPECT_EQ(std::get<Refusal>(
                door.by_reset(secret.text, {"", kNext, "", ""}, kDesk, nobody_may, now, record)),
            Refusal::foreign_person);
  EXPECT_EQ(std::get<PasswordFlaw>(reset(secret, "password123456")), PasswordFlaw::common);
  now += kResetLasts;
  EXPECT_EQ(std::get<Refusal>(reset(secret, kNext)), Refusal::unknown_reset);
  EXPECT_EQ(std::get<Refusal>(reset({"ski_" + secret.text.substr(4), secret.hash}, kNext)),
            Refusal::unknown_reset);
  EXPECT_EQ(recorded, 0);
}

TEST_F(PeopleAtTheDoor, RequestsForALinkAreCountedAndKeepNobodyFromSigningIn) {
  somebody();
  PasswordResets resets(stores);
  const auto ask = [&](const std::string& login, const core::IpAddress& source) {
    return resets.ask({0, login, source.text(), "request", "", now}, source);
  };
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(ask("SATO", kDesk));
  EXPECT_EQ(ask("sato", kElsewhere), Refusal::blocked_person);
  for (int i = 0; i < 14; ++i) EXPECT_FALSE(ask("nobody-" + std::to_string(i / 5), kDesk));
  EXPECT_FALSE(ask("one-more", kDesk));
  EXPECT_EQ(ask("yet-another", kDesk), Refusal::blocked_site);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
  now += std::chrono::seconds(30);
  EXPECT_FALSE(ask("sato", kElsewhere));
}

}  // namespace
}  // namespace sekisho::access
