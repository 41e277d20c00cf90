// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/access_house.h"

/// What every access::IdentityStore promises, as tests.
namespace sekisho::access {

class IdentityStoreContract : public tests::AccessContract {
 protected:
  IdentityStoreContract() {
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
  core::Sha256 invitation_of(const Person& person) {
    const NewSecret secret = new_secret(SecretKind::invitation);
    stores.people->invite(
        {InvitationId::random(), person.id, secret.hash, now, now + std::chrono::days(7)});
    return secret.hash;
  }

  IdentityStore& identities = *stores.identities;
  const Person sato = tests::a_person();
  const Person suzuki = tests::a_person("suzuki");
  const Identity seven{"https://id.example", "u-7"};
};

TEST_P(IdentityStoreContract, FindsWhoSomebodyIsByIssuerAndSubjectAlone) {
  EXPECT_TRUE(identities.link(sato.id, seven, now));
  const auto found = others.identities->find(seven);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->person, sato.id);
  EXPECT_EQ(found->identity.issuer, seven.issuer);
  EXPECT_EQ(found->identity.subject, seven.subject);
  EXPECT_EQ(found->linked_at, now);
  EXPECT_FALSE(found->used_at);
  EXPECT_EQ(others.people->find(sato.id)->linked_at, now);
  EXPECT_FALSE(others.people->find(suzuki.id)->linked_at);
  for (const Identity& other : {Identity{"https://id.example", "U-7"},
                                {"https://id.example/", "u-7"},
                                {"https://id.example", "u-7 "},
                                {"https://id.example", ""}}) {
    EXPECT_FALSE(identities.find(other)) << other.issuer << ' ' << other.subject;
  }
  identities.note_use(sato.id, now + std::chrono::hours(1));
  EXPECT_EQ(others.identities->of_person(sato.id)->used_at, now + std::chrono::hours(1));
  EXPECT_FALSE(others.identities->of_person(suzuki.id));
}

TEST_P(IdentityStoreContract, IsOnePersonsAndAPersonHasOne) {
  EXPECT_TRUE(identities.link(sato.id, seven, now));
  EXPECT_FALSE(others.identities->link(suzuki.id, seven, now));
  EXPECT_EQ(identities.find(seven)->person, sato.id);
  const Identity eight{"https://id.example", "u-8"};
  EXPECT_TRUE(identities.link(suzuki.id, eight, now));
  EXPECT_FALSE(identities.link(suzuki.id, seven, now));  // and keeps what she had
  EXPECT_EQ(identities.find(eight)->person, suzuki.id);
  EXPECT_TRUE(identities.link(sato.id, {"https://id.example", "u-9"}, now));
  EXPECT_FALSE(identities.find(seven));
  EXPECT_TRUE(identities.unlink(sato.id));
  EXPECT_FALSE(identities.unlink(sato.id));
  EXPECT_FALSE(identities.of_person(sato.id));
}

TEST_P(IdentityStoreContract, WhatChangesAWayInEndsTheSessionsOfOnePerson) {
  const auto of_another = session_of(suzuki);
  auto session = session_of(sato);
  EXPECT_TRUE(identities.link(sato.id, seven, now));
  EXPECT_FALSE(is_live(session));
  session = session_of(sato);
  EXPECT_FALSE(identities.link(suzuki.id, seven, now));
  identities.note_use(sato.id, now);
  EXPECT_TRUE(is_live(session));
  EXPECT_TRUE(identities.unlink(sato.id));
  EXPECT_FALSE(is_live(session));
  EXPECT_TRUE(is_live(of_another));
}

TEST_P(IdentityStoreContract, AnInvitationIsTakenUpOnceAndLeavesNothingElse) {
  stores.people->set_password(sato.id, "", "a hash", now);
  stores.passkeys->insert(tests::a_passkey(sato, 1));
  stores.people->offer_totp(sato.id, core::Bytes(8, 1));
  stores.people->enrol_totp(sato.id, core::Bytes(8, 1), 1, {core::Sha256{1}}, now);
  const auto session = session_of(sato);
  const auto invitation = invitation_of(sato);
  EXPECT_TRUE(identities.accept(invitation, seven, now));
  EXPECT_FALSE(is_live(session));
  const auto person = others.people->find(sato.id);
  EXPECT_FALSE(person->password_set_at);
  EXPECT_FALSE(person->totp_since);
  EXPECT_EQ(person->recovery_codes_left, 0);
  EXPECT_EQ(person->passkeys, 0);
  EXPECT_EQ(person->linked_at, now);
  EXPECT_EQ(others.people->secrets(sato.id)->password_hash, "");
  EXPECT_FALSE(identities.accept(invitation, seven, now));
  EXPECT_FALSE(identities.accept(invitation_of(sato), seven, now + std::chrono::days(7)));
}

TEST_P(IdentityStoreContract, AnInvitationForWhoIsSomebodyElseAlreadyStaysWhatItIs) {
  identities.link(suzuki.id, seven, now);
  stores.people->set_password(sato.id, "", "a hash", now);
  const auto invitation = invitation_of(sato);
  EXPECT_FALSE(identities.accept(invitation, seven, now));
  EXPECT_EQ(identities.find(seven)->person, suzuki.id);
  EXPECT_EQ(stores.people->secrets(sato.id)->password_hash, "a hash");
  EXPECT_TRUE(stores.people->invited(invitation, now));
}

TEST_P(IdentityStoreContract, APasswordByInvitationTakesItAway) {
  identities.link(sato.id, seven, now);
  identities.link(suzuki.id, {"https://id.example", "u-8"}, now);
  EXPECT_TRUE(stores.people->accept(invitation_of(sato), "a hash", now));
  EXPECT_FALSE(identities.of_person(sato.id));
  EXPECT_TRUE(identities.of_person(suzuki.id));
}

TEST_P(IdentityStoreContract, OfTwoWithOneInvitationOneSucceeds) {
  for (int round = 0; round < 20; ++round) {
    const auto invitation = invitation_of(sato);
    std::atomic<int> successes = 0;
    std::vector<std::jthread> both;
    for (IdentityStore* each : {stores.identities.get(), others.identities.get()}) {
      both.emplace_back([&, each] { successes += each->accept(invitation, seven, now); });
    }
    both.clear();
    ASSERT_EQ(successes, 1);
  }
}

}  // namespace sekisho::access
