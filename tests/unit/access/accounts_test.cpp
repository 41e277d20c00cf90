// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/accounts.h"

#include <gtest/gtest.h>

#include "unit/access/people_at_the_door.h"

namespace sekisho::access {
namespace {

constexpr std::string_view kNext = "paper crane 4 thunder";
const std::string kRight{kPassword};

TEST_F(PeopleAtTheDoor, APasswordIsChangedByWhoKnowsIt) {
  const Person sato = somebody();
  EXPECT_EQ(std::get<Refusal>(accounts.change_password(sato, "a guess", kNext, kDesk, now, record)),
            Refusal::wrong_password);
  EXPECT_TRUE(std::holds_alternative<Done>(
      accounts.change_password(sato, kPassword, kNext, kDesk, now, record)));
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::wrong_password);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", std::string(kNext), "", ""})));
}

TEST_F(PeopleAtTheDoor, AShortPasswordStandsBesideASecondFactorOnly) {
  constexpr std::string_view kShort = "G7#kq2!z";
  const Person sato = somebody();
  EXPECT_EQ(
      std::get<PasswordFlaw>(accounts.change_password(sato, kPassword, kShort, kDesk, now, record)),
      PasswordFlaw::too_short);
  enrolled(sato);
  EXPECT_TRUE(std::holds_alternative<Done>(
      accounts.change_password(sato, kPassword, kShort, kDesk, now, record)));
  EXPECT_EQ(std::get<PasswordFlaw>(accounts.remove_totp(sato, kShort, kDesk, now, record)),
            PasswordFlaw::too_short);
  EXPECT_TRUE(std::holds_alternative<Done>(
      accounts.change_password(sato, kShort, kNext, kDesk, now, record)));
  EXPECT_TRUE(std::holds_alternative<Done>(accounts.remove_totp(sato, kNext, kDesk, now, record)));
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", std::string(kNext), "", ""})));
}

TEST_F(PeopleAtTheDoor, GuessesInASessionMeetTheSameBackOff) {
  const Person sato = somebody();
  for (int i = 0; i < 5; ++i) accounts.offer_totp(sato, "a guess", kDesk, now);
  EXPECT_EQ(std::get<Refusal>(accounts.change_password(sato, kPassword, kNext, kDesk, now, record)),
            Refusal::blocked_person);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::blocked_person);
}

TEST_F(PeopleAtTheDoor, AnAuthenticatorIsEnrolledOnceItShowsThatItWorks) {
  const Person sato = somebody();
  EXPECT_EQ(std::get<Refusal>(accounts.enrol_totp(sato, "123456", kDesk, now, record)),
            Refusal::missing_code);
  auto offered = accounts.offer_totp(sato, kPassword, kDesk, now);
  EXPECT_EQ(std::get<Refusal>(accounts.enrol_totp(sato, "000000", kDesk, now, record)),
            Refusal::wrong_code);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
  authenticator = std::get<core::Secret>(std::move(offered));
  const auto enrolled = accounts.enrol_totp(sato, code(), kDesk, now, record);
  ASSERT_TRUE(std::holds_alternative<RecoveryCodes>(enrolled));
  EXPECT_EQ(std::get<RecoveryCodes>(enrolled).texts.size(), kRecoveryCodes);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", ""})), Refusal::missing_code);
}

TEST_F(PeopleAtTheDoor, WhatCannotBePutOnRecordDoesNotHappen) {
  const Person sato = somebody();
  record = [](const Person&) { throw std::runtime_error("the log is full"); };
  EXPECT_THROW(accounts.change_password(sato, kPassword, kNext, kDesk, now, record),
               std::runtime_error);
  auto offered = accounts.offer_totp(sato, kPassword, kDesk, now);
  authenticator = std::get<core::Secret>(std::move(offered));
  EXPECT_THROW(accounts.enrol_totp(sato, code(), kDesk, now, record), std::runtime_error);
  const NewSecret secret = invitation_for(sato);
  EXPECT_THROW(door.by_invitation(secret.text, kNext, kDesk, may_come, now, record),
               std::runtime_error);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, "", ""})));
  EXPECT_TRUE(stores.people->invited(secret.hash, now));
}

TEST_F(PeopleAtTheDoor, WhatIsRefusedIsNoChangeOnRecord) {
  const Person sato = somebody();
  accounts.change_password(sato, "a guess", kNext, kDesk, now, record);
  accounts.change_password(sato, kPassword, "short", kDesk, now, record);
  accounts.enrol_totp(sato, "123456", kDesk, now, record);
  EXPECT_EQ(recorded, 0);
  accounts.change_password(sato, kPassword, kNext, kDesk, now, record);
  EXPECT_EQ(recorded, 1);
}

TEST_F(PeopleAtTheDoor, ANewAuthenticatorTakesThePlaceOfTheOldOne) {
  const Person sato = somebody();
  const RecoveryCodes first = enrolled(sato);
  const core::Secret old = authenticator.clone();
  enrolled(sato);
  now += std::chrono::seconds(60);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, "", first.texts[0]})), Refusal::wrong_code);
  const std::string old_code = hotp(old.view(), static_cast<std::uint64_t>(totp_step(now)), 6);
  EXPECT_EQ(refusal_of(sign_in({"sato", kRight, old_code, ""})), Refusal::wrong_code);
  EXPECT_TRUE(std::holds_alternative<Admitted>(sign_in({"sato", kRight, code(), ""})));
}

}  // namespace
}  // namespace sekisho::access
