// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/access_house.h"

/// What every access::PasskeyStore promises, as tests.
namespace sekisho::access {

using tests::a_passkey;

class PasskeyStoreContract : public tests::AccessContract {
 protected:
  PasskeyStoreContract() {
    stores.people->insert(sato);
    stores.people->insert(suzuki);
  }
  core::Sha256 session_of(const Person& person) {
    const NewSecret secret = new_secret(SecretKind::session);
    EXPECT_TRUE(stores.sessions->begin(tests::a_session(person, now), secret.hash));
    return secret.hash;
  }
  bool is_live(const core::Sha256& session) {
    return others.sessions->find(session, now).has_value();
  }

  PasskeyStore& passkeys = *stores.passkeys;
  const Person sato = tests::a_person();
  const Person suzuki = tests::a_person("suzuki");
};

TEST_P(PasskeyStoreContract, FindsAPasskeyAsItWasEnrolled) {
  Passkey made = a_passkey(sato, 1);
  made.may_be_copied = true;
  EXPECT_TRUE(passkeys.insert(made));
  const auto found = others.passkeys->find(made.credential);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.id);
  EXPECT_EQ(found->person, sato.id);
  EXPECT_EQ(found->credential, made.credential);
  EXPECT_EQ(found->algorithm, made.algorithm);
  EXPECT_EQ(found->public_key, made.public_key);
  EXPECT_EQ(found->signatures, made.signatures);
  EXPECT_TRUE(found->may_be_copied);
  EXPECT_EQ(found->name, made.name);
  EXPECT_EQ(found->created_at, made.created_at);
  EXPECT_FALSE(found->used_at);
  EXPECT_FALSE(passkeys.find(core::Bytes(16, 2)));
  EXPECT_FALSE(passkeys.find({}));
  EXPECT_EQ(others.people->find(sato.id)->passkeys, 1);
  EXPECT_EQ(others.people->find(suzuki.id)->passkeys, 0);
}

TEST_P(PasskeyStoreContract, TakesACredentialOnceAndSoManyOfOnePerson) {
  EXPECT_TRUE(passkeys.insert(a_passkey(sato, 0)));
  EXPECT_FALSE(others.passkeys->insert(a_passkey(suzuki, 0)));
  for (int i = 1; i < kMostPasskeys; ++i) {
    EXPECT_TRUE(passkeys.insert(a_passkey(sato, static_cast<core::Byte>(i))));
  }
  EXPECT_FALSE(passkeys.insert(a_passkey(sato, 100)));
  EXPECT_TRUE(passkeys.insert(a_passkey(suzuki, 100)));
  const auto own = passkeys.of_person(sato.id);
  ASSERT_EQ(own.size(), std::size_t{kMostPasskeys});
  for (std::size_t i = 0; i < own.size(); ++i) EXPECT_EQ(own[i].credential.front(), i);
}

TEST_P(PasskeyStoreContract, WhatChangesAWayInEndsTheSessionsOfOnePerson) {
  const auto of_another = session_of(suzuki);
  const Passkey made = a_passkey(sato, 1);
  auto session = session_of(sato);
  EXPECT_TRUE(passkeys.insert(made));
  EXPECT_FALSE(is_live(session));
  session = session_of(sato);
  EXPECT_FALSE(passkeys.insert(made));
  EXPECT_TRUE(passkeys.use(made.id, 8, now));
  EXPECT_FALSE(passkeys.remove(suzuki.id, made.id));
  EXPECT_TRUE(is_live(session));
  EXPECT_TRUE(passkeys.remove(sato.id, made.id));
  EXPECT_FALSE(is_live(session));
  EXPECT_FALSE(passkeys.remove(sato.id, made.id));
  EXPECT_FALSE(passkeys.find(made.credential));
  EXPECT_TRUE(is_live(of_another));
}

TEST_P(PasskeyStoreContract, CountsForwardsAlone) {
  const Passkey made = a_passkey(sato, 1);
  passkeys.insert(made);
  for (const std::uint32_t back : {7U, 6U, 0U}) EXPECT_FALSE(passkeys.use(made.id, back, now));
  EXPECT_TRUE(passkeys.use(made.id, 0xFFFFFFFFU, now));
  EXPECT_EQ(passkeys.find(made.credential)->signatures, 0xFFFFFFFFU);
  EXPECT_EQ(passkeys.find(made.credential)->used_at, now);
  EXPECT_FALSE(passkeys.use(PasskeyId::random(), 1, now));
}

TEST_P(PasskeyStoreContract, OneThatDoesNotCountMayBeginTo) {
  Passkey made = a_passkey(sato, 1);
  made.signatures = 0;
  passkeys.insert(made);
  EXPECT_TRUE(passkeys.use(made.id, 0, now));
  EXPECT_TRUE(passkeys.use(made.id, 1, now));
  EXPECT_FALSE(passkeys.use(made.id, 0, now));
}

TEST_P(PasskeyStoreContract, OfTwoWithOneCountOneSucceeds) {
  const Passkey made = a_passkey(sato, 1);
  passkeys.insert(made);
  for (std::uint32_t round = 8; round < 28; ++round) {
    std::atomic<int> successes = 0;
    std::vector<std::jthread> both;
    for (PasskeyStore* each : {stores.passkeys.get(), others.passkeys.get()}) {
      both.emplace_back([&, each] { successes += each->use(made.id, round, now); });
    }
    both.clear();
    ASSERT_EQ(successes, 1);
  }
}

TEST_P(PasskeyStoreContract, ANewInvitationTakesThemAway) {
  passkeys.insert(a_passkey(sato, 1));
  passkeys.insert(a_passkey(suzuki, 2));
  const NewSecret secret = new_secret(SecretKind::invitation);
  stores.people->invite(
      {InvitationId::random(), sato.id, secret.hash, now, now + std::chrono::days(7)});
  EXPECT_EQ(passkeys.of_person(sato.id).size(), 1U);
  EXPECT_TRUE(stores.people->accept(secret.hash, "a hash", now));
  EXPECT_TRUE(passkeys.of_person(sato.id).empty());
  EXPECT_EQ(passkeys.of_person(suzuki.id).size(), 1U);
}

TEST_P(PasskeyStoreContract, TheAuthenticatorWithCodesGoesAloneAndLeavesThem) {
  passkeys.insert(a_passkey(sato, 1));
  stores.people->remove_totp(sato.id);
  EXPECT_EQ(passkeys.of_person(sato.id).size(), 1U);
}

}  // namespace sekisho::access
