// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/access_house.h"

/// What every access::SessionStore promises, as tests.
namespace sekisho::access {

using tests::a_person;
using tests::a_session;

class SessionStoreContract : public tests::AccessContract {
 protected:
  SessionStoreContract() { stores.people->insert(sato); }

  struct Begun {
    Session session;
    core::Sha256 hash;
  };
  Begun begun(core::Time at) {
    Begun made{a_session(sato, at), new_secret(SecretKind::session).hash};
    EXPECT_TRUE(sessions.begin(made.session, made.hash));
    return made;
  }

  SessionStore& sessions = *stores.sessions;
  const Person sato = a_person();
};

TEST_P(SessionStoreContract, FindsASessionAsItWasBegun) {
  Session session = a_session(sato, now);
  session.level = Level::password_totp;
  session.family = AddressFamily::ipv6;
  session.source = "2001:db8::7";
  session.user_agent = "Mozilla/5.0";
  const auto hash = new_secret(SecretKind::session).hash;
  ASSERT_TRUE(sessions.begin(session, hash));
  const auto found = others.sessions->find(hash, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, session.id);
  EXPECT_EQ(found->recipient, session.recipient);
  EXPECT_EQ(found->person, session.person);
  EXPECT_EQ(found->share, "");
  EXPECT_EQ(found->level, Level::password_totp);
  EXPECT_EQ(found->family, AddressFamily::ipv6);
  EXPECT_EQ(found->source, session.source);
  EXPECT_EQ(found->user_agent, session.user_agent);
  EXPECT_EQ(found->begun_at, now);
  EXPECT_EQ(found->used_at, now);
  EXPECT_FALSE(sessions.find(new_secret(SecretKind::session).hash, now));
}

TEST_P(SessionStoreContract, KeepsTheSessionOfALink) {
  Session session;
  session.id = SessionId::random();
  session.recipient = tests::kClinic;
  session.share = "fedcba9876543210fedcba9876543210";
  session.source = "10.20.0.7";
  session.begun_at = session.used_at = now;
  const auto hash = new_secret(SecretKind::session).hash;
  ASSERT_TRUE(sessions.begin(session, hash));
  const auto found = sessions.find(hash, now);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->person);
  EXPECT_EQ(found->share, session.share);
  EXPECT_EQ(found->level, Level::link);
}

TEST_P(SessionStoreContract, ASessionEndsWhenNobodyUsesIt) {
  const Begun session = begun(now);
  const core::Time almost = now + kIdleLimit - std::chrono::seconds(1);
  EXPECT_TRUE(sessions.find(session.hash, almost));
  EXPECT_FALSE(sessions.find(session.hash, now + kIdleLimit));
  sessions.note_use(session.session.id, almost);
  EXPECT_TRUE(others.sessions->find(session.hash, now + kIdleLimit));
  EXPECT_FALSE(sessions.find(session.hash, almost + kIdleLimit));
}

TEST_P(SessionStoreContract, AUseThatComesTooLateBringsNothingBack) {
  const Begun session = begun(now);
  sessions.note_use(session.session.id, now + kIdleLimit);
  EXPECT_FALSE(sessions.find(session.hash, now + kIdleLimit));
}

TEST_P(SessionStoreContract, ASessionEndsAfterEightHoursHoweverBusyItIs) {
  const Begun session = begun(now);
  core::Time at = now;
  for (; at < now + kAbsoluteLimit; at += std::chrono::minutes(20)) {
    ASSERT_TRUE(sessions.find(session.hash, at));
    sessions.note_use(session.session.id, at);
  }
  EXPECT_FALSE(sessions.find(session.hash, now + kAbsoluteLimit));
}

TEST_P(SessionStoreContract, WhatWasEndedIsEndedForEverybody) {
  const Begun one = begun(now);
  const Begun two = begun(now);
  const Begun three = begun(now);
  EXPECT_TRUE(sessions.end(one.session.id));
  EXPECT_FALSE(others.sessions->end(one.session.id));
  EXPECT_FALSE(others.sessions->find(one.hash, now));
  EXPECT_TRUE(others.sessions->find(two.hash, now));
  EXPECT_EQ(sessions.end_all(sato.id), 2);
  EXPECT_FALSE(others.sessions->find(two.hash, now));
  EXPECT_FALSE(others.sessions->find(three.hash, now));
}

TEST_P(SessionStoreContract, ListsWhatIsNotOver) {
  const Begun one = begun(now);
  const Begun two = begun(now + std::chrono::minutes(20));
  ASSERT_EQ(sessions.of_person(sato.id, now + std::chrono::minutes(20)).size(), 2U);
  const auto left = sessions.of_person(sato.id, now + std::chrono::minutes(40));
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, two.session.id);
  EXPECT_TRUE(sessions.of_person(PersonId::random(), now).empty());
}

TEST_P(SessionStoreContract, TheOneThatIsIdleLongestMakesRoom) {
  std::vector<Begun> all;
  for (int i = 0; i < kMostSessions; ++i) all.push_back(begun(now + std::chrono::seconds(i)));
  sessions.note_use(all[0].session.id, now + std::chrono::minutes(1));
  const Begun one_more = begun(now + std::chrono::minutes(2));
  const core::Time then = now + std::chrono::minutes(2);
  EXPECT_TRUE(sessions.find(one_more.hash, then));
  EXPECT_TRUE(sessions.find(all[0].hash, then));
  EXPECT_FALSE(sessions.find(all[1].hash, then));
  EXPECT_EQ(sessions.of_person(sato.id, then).size(), static_cast<std::size_t>(kMostSessions));
}

TEST_P(SessionStoreContract, SoManySessionsOpenAShareAndNoMore) {
  const Begun one = begun(now);
  const Begun two = begun(now);
  const Begun three = begun(now);
  EXPECT_TRUE(sessions.enter(one.session.id, "a share", 2));
  EXPECT_TRUE(others.sessions->enter(one.session.id, "a share", 2));
  EXPECT_TRUE(others.sessions->enter(two.session.id, "a share", 2));
  EXPECT_FALSE(sessions.enter(three.session.id, "a share", 2));
  EXPECT_TRUE(sessions.enter(three.session.id, "another share", 2));
  // One that is over has opened it all the same.
  sessions.end(one.session.id);
  sessions.forget(now);
  EXPECT_FALSE(sessions.enter(three.session.id, "a share", 2));
}

TEST_P(SessionStoreContract, ForgetsWhatIsOverAndNothingElse) {
  const Begun one = begun(now);
  sessions.forget(now + std::chrono::minutes(29));
  EXPECT_TRUE(sessions.find(one.hash, now));
  sessions.forget(now + kIdleLimit);
  EXPECT_FALSE(sessions.find(one.hash, now));
}

}  // namespace sekisho::access
