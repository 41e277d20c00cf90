// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "support/access_house.h"

/// What every access::CorrespondenceStore promises, as tests.
namespace sekisho::access {

class CorrespondenceStoreContract : public tests::AccessContract {
 protected:
  CorrespondenceStore& correspondence = *stores.correspondence;

  Person registered() {
    const Person person = tests::a_person();
    stores.people->insert(person);
    stores.people->set_password(person.id, "", "a hash", now);
    return person;
  }
  ResetRequest asked(const std::string& login = "sato") {
    ResetRequest request{0, login, "10.20.0.7", "request " + login, "a browser", now};
    EXPECT_TRUE(correspondence.ask(request));
    request.number = others.correspondence->asked(1000).back().number;
    return request;
  }
  mail::Letter a_letter(core::Time at) const {
    return mail::warning_letter({"sato@kita.example", "ja", "https://share.example", at});
  }
  /// The secret's hash.
  core::Sha256 answered(const ResetRequest& request, const Person& person) {
    const NewSecret secret = new_secret(SecretKind::reset);
    EXPECT_TRUE(correspondence.answer(
        request.number,
        {InvitationId::random(), person.id, secret.hash, now, now + std::chrono::minutes(30)},
        a_letter(now)));
    return secret.hash;
  }
  int waiting() { return others.outbox->count(now).waiting; }
};

TEST_P(CorrespondenceStoreContract, KeepsRequestsInTurn) {
  asked("sato");
  asked("パスワードかもしれない");
  const auto requests = others.correspondence->asked(10);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].login, "sato");
  EXPECT_EQ(requests[1].login, "パスワードかもしれない");
  EXPECT_EQ(requests[0].source, "10.20.0.7");
  EXPECT_EQ(requests[0].request_id, "request sato");
  EXPECT_EQ(requests[0].user_agent, "a browser");
  EXPECT_EQ(requests[0].asked_at, now);
  EXPECT_EQ(others.correspondence->asked(1).size(), 1U);
  correspondence.drop(requests[0].number);
  EXPECT_EQ(others.correspondence->asked(10).size(), 1U);
}

TEST_P(CorrespondenceStoreContract, DoesNotGrowWithoutEnd) {
  for (int i = 0; i < CorrespondenceStore::kMostAsked; ++i) {
    ASSERT_TRUE(correspondence.ask({0, "sato", "10.20.0.7", std::to_string(i), "", now}));
  }
  EXPECT_FALSE(correspondence.ask({0, "sato", "10.20.0.7", "one more", "", now}));
}

TEST_P(CorrespondenceStoreContract, AnAnswerIsALinkAndALetterAndEndsTheRequest) {
  const Person sato = registered();
  const auto hash = answered(asked(), sato);
  EXPECT_TRUE(others.correspondence->asked(10).empty());
  EXPECT_EQ(waiting(), 1);
  ASSERT_TRUE(others.people->resetting(hash, now));
  EXPECT_EQ(others.people->resetting(hash, now)->id, sato.id);
  EXPECT_FALSE(others.people->resetting(hash, now + std::chrono::minutes(30)));
}

TEST_P(CorrespondenceStoreContract, ALaterLinkTakesThePlaceOfAnEarlierOne) {
  const Person sato = registered();
  const auto first = answered(asked(), sato);
  const auto second = answered(asked(), sato);
  EXPECT_FALSE(others.people->resetting(first, now));
  EXPECT_TRUE(others.people->resetting(second, now));
}

TEST_P(CorrespondenceStoreContract, ALinkIsGoodOnceAndEndsSessionsButNoSecondFactor) {
  const Person sato = registered();
  const core::Bytes box(48, 7);
  stores.people->offer_totp(sato.id, box);
  ASSERT_TRUE(stores.people->enrol_totp(sato.id, box, 5, {core::Sha256{1}}, now));
  const NewSecret session = new_secret(SecretKind::session);
  stores.sessions->begin(tests::a_session(sato, now), session.hash);
  const auto hash = answered(asked(), sato);
  EXPECT_FALSE(stores.people->reset_password(hash, "another", now + std::chrono::minutes(30)));
  EXPECT_TRUE(stores.people->reset_password(hash, "another", now));
  EXPECT_FALSE(stores.people->reset_password(hash, "a third", now));
  const auto secrets = others.people->secrets(sato.id);
  EXPECT_EQ(secrets->password_hash, "another");
  EXPECT_EQ(secrets->totp_box, box);
  EXPECT_EQ(secrets->last_step, 5);
  EXPECT_EQ(others.people->find(sato.id)->recovery_codes_left, 1);
  EXPECT_FALSE(others.sessions->find(session.hash, now));
}

TEST_P(CorrespondenceStoreContract, NoLinkOpensOnceSomethingElseHasChanged) {
  const Person sato = registered();
  auto hash = answered(asked(), sato);
  stores.people->set_password(sato.id, "a hash", "another", now);
  EXPECT_FALSE(others.people->resetting(hash, now));
  hash = answered(asked(), sato);
  stores.people->change(sato.id, sato.name, "elsewhere@kita.example");
  EXPECT_FALSE(others.people->resetting(hash, now));
  hash = answered(asked(), sato);
  stores.people->change(sato.id, "Sato Kyoko, now Ito", "elsewhere@kita.example");
  EXPECT_TRUE(others.people->resetting(hash, now));
  stores.people->disable(sato.id, now);
  stores.people->enable(sato.id);
  EXPECT_FALSE(others.people->resetting(hash, now));
}

TEST_P(CorrespondenceStoreContract, NobodyGetsALinkWhoCannotSignIn) {
  const Person invited = tests::a_person("invited");
  stores.people->insert(invited);
  Person disabled = registered();
  stores.people->disable(disabled.id, now);
  for (const Person& person : {invited, disabled}) {
    const auto request = asked();
    EXPECT_FALSE(correspondence.answer(
        request.number,
        {InvitationId::random(), person.id, new_secret(SecretKind::reset).hash, now, now},
        a_letter(now)));
  }
  EXPECT_TRUE(others.correspondence->asked(10).empty());
  EXPECT_EQ(waiting(), 0);
}

TEST_P(CorrespondenceStoreContract, SomebodyIsWarnedOnceAnHour) {
  const Person sato = registered();
  EXPECT_TRUE(correspondence.warn(sato.id, a_letter(now)));
  EXPECT_FALSE(others.correspondence->warn(sato.id, a_letter(now + std::chrono::minutes(59))));
  EXPECT_TRUE(others.correspondence->warn(sato.id, a_letter(now + std::chrono::minutes(60))));
  EXPECT_EQ(waiting(), 2);
  EXPECT_FALSE(correspondence.warn(PersonId::random(), a_letter(now)));
}

}  // namespace sekisho::access
