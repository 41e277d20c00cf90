// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include "support/access_house.h"

/// What every access::ApplicationPasswordStore promises, as tests.
namespace sekisho::access {

class ApplicationPasswordStoreContract : public tests::AccessContract {
 protected:
  ApplicationPasswordStoreContract() {
    stores.people->insert(sato);
    stores.people->insert(suzuki);
  }
  core::Sha256 made_for(const Person& person) {
    made = {ApplicationPasswordId::random(), person.id, "viewer", now, now + std::chrono::days(7)};
    const core::Sha256 hash = new_secret(SecretKind::application).hash;
    EXPECT_TRUE(passwords.insert(made, hash));
    return hash;
  }

  ApplicationPasswordStore& passwords = *stores.application_passwords;
  const Person sato = tests::a_person();
  const Person suzuki = tests::a_person("suzuki");
  ApplicationPassword made;
};

TEST_P(ApplicationPasswordStoreContract, FindsOneByItsHashAndNoOther) {
  const core::Sha256 hash = made_for(sato);
  const auto found = others.application_passwords->find(hash);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.id);
  EXPECT_EQ(found->person, sato.id);
  EXPECT_EQ(found->name, made.name);
  EXPECT_EQ(found->created_at, made.created_at);
  EXPECT_EQ(found->expires_at, made.expires_at);
  EXPECT_FALSE(passwords.find(core::Sha256{1}));
  EXPECT_EQ(passwords.of_person(sato.id).size(), 1U);
  EXPECT_TRUE(passwords.of_person(suzuki.id).empty());
}

TEST_P(ApplicationPasswordStoreContract, TakesSoManyOfOnePerson) {
  for (int i = 0; i < kMostApplicationPasswords; ++i) made_for(sato);
  made.id = ApplicationPasswordId::random();
  EXPECT_FALSE(others.application_passwords->insert(made, core::Sha256{1}));
  made_for(suzuki);
}

TEST_P(ApplicationPasswordStoreContract, WhatIsTakenAwayIsNotFoundByAnybody) {
  const core::Sha256 hash = made_for(sato);
  EXPECT_FALSE(passwords.remove(suzuki.id, made.id));
  EXPECT_TRUE(others.application_passwords->remove(sato.id, made.id));
  EXPECT_FALSE(passwords.remove(sato.id, made.id));
  EXPECT_FALSE(passwords.find(hash));
}

TEST_P(ApplicationPasswordStoreContract, LeavesSessionsAndGoesWithANewInvitation) {
  const NewSecret session = new_secret(SecretKind::session);
  stores.sessions->begin(tests::a_session(sato, now), session.hash);
  const core::Sha256 of_another = made_for(suzuki);
  const core::Sha256 hash = made_for(sato);
  EXPECT_TRUE(others.sessions->find(session.hash, now));
  const NewSecret invitation = new_secret(SecretKind::invitation);
  stores.people->invite(
      {InvitationId::random(), sato.id, invitation.hash, now, now + std::chrono::days(7)});
  EXPECT_TRUE(passwords.find(hash));
  EXPECT_TRUE(stores.people->accept(invitation.hash, "a hash", now));
  EXPECT_FALSE(passwords.find(hash));
  EXPECT_TRUE(passwords.find(of_another));
}

}  // namespace sekisho::access
