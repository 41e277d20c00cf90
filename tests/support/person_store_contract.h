// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "access/recovery_codes.h"
#include "support/access_house.h"

/// What every access::PersonStore promises, as tests.
namespace sekisho::access {

using tests::a_person;
using tests::a_session;

class PersonStoreContract : public tests::AccessContract {
 protected:
  PersonStore& people = *stores.people;

  Person registered(const std::string& login = "sato") {
    const Person person = a_person(login);
    EXPECT_EQ(people.insert(person), PersonStore::Registration::done);
    return person;
  }
  NewSecret invited(const Person& person) {
    const NewSecret secret = new_secret(SecretKind::invitation);
    EXPECT_TRUE(people.invite(
        {InvitationId::random(), person.id, secret.hash, now, now + std::chrono::days(7)}));
    return secret;
  }
  core::Sha256 session_of(const Person& person) {
    const NewSecret secret = new_secret(SecretKind::session);
    EXPECT_TRUE(stores.sessions->begin(a_session(person, now), secret.hash));
    return secret.hash;
  }
  bool is_live(const core::Sha256& session) {
    return others.sessions->find(session, now).has_value();
  }
};

TEST_P(PersonStoreContract, APersonHasTheNameAndAddressThatStaffLastGave) {
  const Person sato = registered();
  people.change(sato.id, "Sato Ichiro", "sato@kita.example");
  EXPECT_EQ(others.people->find(sato.id)->name, "Sato Ichiro");
  EXPECT_EQ(others.people->find(sato.id)->email, "sato@kita.example");
  people.change(sato.id, "Sato Ichiro", "");
  EXPECT_EQ(others.people->find(sato.id)->email, "");
  Person suzuki = a_person("suzuki");
  suzuki.email = "suzuki@kita.example";
  people.insert(suzuki);
  EXPECT_EQ(others.people->find(suzuki.id)->email, "suzuki@kita.example");
}

TEST_P(PersonStoreContract, FindsWhomItHas) {
  const Person sato = registered();
  const Person suzuki = registered("suzuki");
  const auto found = others.people->find_by_login("sato");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, sato.id);
  EXPECT_EQ(found->recipient, sato.recipient);
  EXPECT_EQ(found->name, sato.name);
  EXPECT_EQ(found->created_at, sato.created_at);
  EXPECT_FALSE(found->disabled_at || found->password_set_at || found->totp_since);
  EXPECT_EQ(people.find(suzuki.id)->login, "suzuki");
  EXPECT_FALSE(people.find(PersonId::random()));
  EXPECT_FALSE(people.find_by_login("tanaka"));
  const auto all = people.of_recipient(tests::kClinic);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, sato.id);
  EXPECT_TRUE(people.of_recipient("fedcba9876543210fedcba9876543210").empty());
}

TEST_P(PersonStoreContract, TakesALoginOnce) {
  registered();
  EXPECT_EQ(others.people->insert(a_person()), PersonStore::Registration::login_taken);
}

TEST_P(PersonStoreContract, TakesSoManyPeopleOfOneRecipient) {
  for (int i = 0; i < kMostPeople; ++i) registered("person" + std::to_string(i));
  EXPECT_EQ(people.insert(a_person()), PersonStore::Registration::too_many);
}

TEST_P(PersonStoreContract, AnInvitationIsTakenUpOnce) {
  const Person sato = registered();
  const NewSecret secret = invited(sato);
  EXPECT_EQ(people.invited(secret.hash, now)->id, sato.id);
  EXPECT_TRUE(people.accept(secret.hash, "a hash", now));
  EXPECT_FALSE(others.people->accept(secret.hash, "another", now));
  EXPECT_FALSE(people.invited(secret.hash, now));
  EXPECT_EQ(people.secrets(sato.id)->password_hash, "a hash");
  EXPECT_EQ(people.find(sato.id)->password_set_at, now);
}

TEST_P(PersonStoreContract, OfTwoWhoTakeItUpAtOnceOneSucceeds) {
  for (int round = 0; round < 20; ++round) {
    const NewSecret secret = invited(registered("person" + std::to_string(round)));
    std::atomic<int> successes = 0;
    std::vector<std::jthread> both;
    for (PersonStore* each : {stores.people.get(), others.people.get()}) {
      both.emplace_back([&, each] { successes += each->accept(secret.hash, "a hash", now); });
    }
    both.clear();
    ASSERT_EQ(successes, 1);
  }
}

TEST_P(PersonStoreContract, AnInvitationEndsWithTimeAndWithTheNextOne) {
  const Person sato = registered();
  const NewSecret first = invited(sato);
  const core::Time later = now + std::chrono::days(7);
  EXPECT_FALSE(people.invited(first.hash, later));
  EXPECT_FALSE(people.accept(first.hash, "a hash", later));
  const NewSecret second = invited(sato);
  EXPECT_FALSE(people.accept(first.hash, "a hash", now));
  EXPECT_TRUE(people.accept(second.hash, "a hash", now));
}

TEST_P(PersonStoreContract, WhoIsDisabledHasNoSessionAndNoInvitationLeft) {
  const Person sato = registered();
  const auto session = session_of(sato);
  const NewSecret secret = invited(sato);
  EXPECT_TRUE(people.disable(sato.id, now));
  EXPECT_FALSE(people.disable(sato.id, now));
  EXPECT_FALSE(is_live(session));
  EXPECT_FALSE(people.accept(secret.hash, "a hash", now));
  EXPECT_FALSE(people.invite({InvitationId::random(), sato.id, secret.hash, now, now}));
  EXPECT_FALSE(stores.sessions->begin(a_session(sato, now), session));
  EXPECT_TRUE(people.enable(sato.id));
  EXPECT_FALSE(people.enable(sato.id));
  EXPECT_FALSE(is_live(session));
  EXPECT_FALSE(people.find(sato.id)->disabled_at);
}

TEST_P(PersonStoreContract, WhateverChangesAWayInEndsTheSessions) {
  const Person sato = registered();
  const Person suzuki = registered("suzuki");
  const auto of_another = session_of(suzuki);
  const auto ends = [&](const auto& change) {
    const auto session = session_of(sato);
    change();
    return !is_live(session);
  };
  const core::Bytes box = {1, 2, 3};
  EXPECT_TRUE(ends([&] { people.set_password(sato.id, "", "a hash", now); }));
  EXPECT_FALSE(ends([&] { people.rehash(sato.id, "a hash", "a better one"); }));
  EXPECT_FALSE(ends([&] { people.offer_totp(sato.id, box); }));
  EXPECT_TRUE(ends([&] { people.enrol_totp(sato.id, box, 7, {}, now); }));
  EXPECT_TRUE(ends([&] { people.remove_totp(sato.id); }));
  EXPECT_TRUE(ends([&] { people.accept(invited(sato).hash, "a hash", now); }));
  EXPECT_TRUE(is_live(of_another));
}

TEST_P(PersonStoreContract, ChangesOnlyThePasswordThatWasAskedFor) {
  const Person sato = registered();
  EXPECT_TRUE(people.set_password(sato.id, "", "first", now));
  const auto session = session_of(sato);
  EXPECT_FALSE(people.set_password(sato.id, "an older one", "second", now));
  EXPECT_EQ(people.secrets(sato.id)->password_hash, "first");
  EXPECT_TRUE(is_live(session));
}

TEST_P(PersonStoreContract, RehashesOnlyWhatIsStillThere) {
  const Person sato = registered();
  people.set_password(sato.id, "", "first", now);
  people.rehash(sato.id, "an older one", "second");
  EXPECT_EQ(people.secrets(sato.id)->password_hash, "first");
  people.rehash(sato.id, "first", "second");
  EXPECT_EQ(people.secrets(sato.id)->password_hash, "second");
}

TEST_P(PersonStoreContract, EnrolsWhatIsOfferedNow) {
  const Person sato = registered();
  const core::Bytes first = {1, 2, 3};
  const core::Bytes second = {4, 5, 6};
  EXPECT_FALSE(people.enrol_totp(sato.id, first, 7, {}, now));
  people.offer_totp(sato.id, first);
  people.offer_totp(sato.id, second);
  EXPECT_FALSE(people.enrol_totp(sato.id, first, 7, {}, now));
  EXPECT_TRUE(people.secrets(sato.id)->totp_box.empty());
  EXPECT_TRUE(people.enrol_totp(sato.id, second, 7, {core::Sha256{1}, core::Sha256{2}}, now));
  EXPECT_FALSE(people.enrol_totp(sato.id, second, 8, {}, now));
  const auto secrets = others.people->secrets(sato.id);
  EXPECT_EQ(secrets->totp_box, second);
  EXPECT_EQ(secrets->last_step, 7);
  EXPECT_TRUE(secrets->offered_box.empty());
  EXPECT_EQ(people.find(sato.id)->totp_since, now);
  EXPECT_EQ(people.find(sato.id)->recovery_codes_left, 2);
  people.remove_totp(sato.id);
  EXPECT_TRUE(people.secrets(sato.id)->totp_box.empty());
  EXPECT_FALSE(people.find(sato.id)->totp_since);
  EXPECT_EQ(people.find(sato.id)->recovery_codes_left, 0);
}

TEST_P(PersonStoreContract, ACodeIsUsedOnceWhoeverAsks) {
  const Person sato = registered();
  const core::Bytes box = {1, 2, 3};
  people.offer_totp(sato.id, box);
  people.enrol_totp(sato.id, box, 7, {core::Sha256{1}}, now);
  EXPECT_FALSE(people.use_step(sato.id, 7));
  EXPECT_TRUE(people.use_step(sato.id, 8));
  EXPECT_FALSE(others.people->use_step(sato.id, 8));
  EXPECT_FALSE(others.people->use_step(sato.id, 6));
  EXPECT_FALSE(people.use_recovery_code(sato.id, core::Sha256{2}));
  EXPECT_TRUE(people.use_recovery_code(sato.id, core::Sha256{1}));
  EXPECT_FALSE(others.people->use_recovery_code(sato.id, core::Sha256{1}));
}

TEST_P(PersonStoreContract, ANewInvitationTakesTheSecondFactorAway) {
  const Person sato = registered();
  const core::Bytes box = {1, 2, 3};
  people.offer_totp(sato.id, box);
  people.enrol_totp(sato.id, box, 7, {core::Sha256{1}}, now);
  EXPECT_TRUE(people.accept(invited(sato).hash, "a hash", now));
  EXPECT_TRUE(people.secrets(sato.id)->totp_box.empty());
  EXPECT_EQ(people.find(sato.id)->recovery_codes_left, 0);
}

}  // namespace sekisho::access
