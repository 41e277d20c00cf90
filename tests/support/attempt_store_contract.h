// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/access_house.h"

/// What every access::AttemptStore promises, as tests.
namespace sekisho::access {

class AttemptStoreContract : public tests::AccessContract {
 protected:
  /// How many of so many attempts at one moment are listened to.
  int heard(Counted counted, const core::Sha256& name, core::Time at, int attempts = 100) {
    int heard = 0;
    for (int i = 0; i < attempts; ++i) heard += stores.attempts->begin(counted, name, at);
    return heard;
  }
  const core::Sha256 sato = stores.key.name_of(Counted::account, "sato");
  const core::Sha256 suzuki = stores.key.name_of(Counted::account, "suzuki");
};

TEST_P(AttemptStoreContract, WhoFailsOftenWaitsLongerAndLonger) {
  EXPECT_EQ(heard(Counted::account, sato, now), 5);
  EXPECT_EQ(heard(Counted::account, sato, now + std::chrono::seconds(29)), 0);
  core::Time at = now + std::chrono::seconds(30);
  for (const int wait : {60, 120, 240, 480, 900, 900}) {
    EXPECT_EQ(heard(Counted::account, sato, at), 1);
    EXPECT_EQ(heard(Counted::account, sato, at + std::chrono::seconds(wait - 1)), 0);
    at += std::chrono::seconds(wait);
  }
}

TEST_P(AttemptStoreContract, NobodyElseWaits) {
  heard(Counted::account, sato, now);
  EXPECT_TRUE(stores.attempts->begin(Counted::account, suzuki, now));
}

TEST_P(AttemptStoreContract, ARestartForgetsNothing) {
  heard(Counted::account, sato, now);
  EXPECT_FALSE(others.attempts->begin(Counted::account, sato, now));
  EXPECT_FALSE(house->open().attempts->begin(Counted::account, sato, now));
}

TEST_P(AttemptStoreContract, WhoTriesAtOnceIsCountedAsWhoTriesInTurn) {
  std::atomic<int> heard = 0;
  std::vector<std::jthread> all;
  for (AttemptStore* each : {stores.attempts.get(), others.attempts.get()}) {
    for (int i = 0; i < 4; ++i) {
      all.emplace_back([&, each] {
        for (int k = 0; k < 5; ++k) heard += each->begin(Counted::account, sato, now);
      });
    }
  }
  all.clear();
  EXPECT_EQ(heard, 5);
}

TEST_P(AttemptStoreContract, ASuccessForgetsTheFailuresOfAnAccount) {
  heard(Counted::account, sato, now, 4);
  stores.attempts->succeed(Counted::account, sato);
  EXPECT_EQ(heard(Counted::account, sato, now), 5);
}

TEST_P(AttemptStoreContract, ASuccessIsNoFailureOfItsSiteAndExcusesNone) {
  const core::Sha256 site = stores.key.name_of(Counted::site, "10.20.0.7/32");
  EXPECT_EQ(heard(Counted::site, site, now, 19), 19);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(stores.attempts->begin(Counted::site, site, now));
    stores.attempts->succeed(Counted::site, site);
  }
  EXPECT_EQ(heard(Counted::site, site, now), 1);
}

TEST_P(AttemptStoreContract, SuccessesOfASiteNeitherBlockItNorKeepItsFailuresInMind) {
  const core::Sha256 site = stores.key.name_of(Counted::site, "10.20.0.7/32");
  EXPECT_EQ(heard(Counted::site, site, now), 20);
  core::Time at = now;
  for (int i = 0; i < 4; ++i) {
    at += kForgottenAfter / 4;
    for (int k = 0; k < 2; ++k) {
      ASSERT_TRUE(stores.attempts->begin(Counted::site, site, at)) << i << ' ' << k;
      stores.attempts->succeed(Counted::site, site);
    }
  }
  EXPECT_EQ(heard(Counted::site, site, at), 20);
}

TEST_P(AttemptStoreContract, WhatIsADayOldIsForgotten) {
  heard(Counted::account, sato, now);
  const core::Time then = now + kForgottenAfter;
  EXPECT_EQ(heard(Counted::account, sato, then), 5);
  stores.attempts->forget(then);
  EXPECT_FALSE(stores.attempts->begin(Counted::account, sato, then));
  stores.attempts->forget(then + kForgottenAfter);
  EXPECT_EQ(heard(Counted::account, sato, then), 5);
}

TEST_P(AttemptStoreContract, AClockThatWasSetBackKeepsNobodyOutForLong) {
  heard(Counted::account, sato, now);
  const core::Time before = now - std::chrono::hours(5);
  EXPECT_TRUE(stores.attempts->begin(Counted::account, sato, before));
  EXPECT_FALSE(stores.attempts->begin(Counted::account, sato, before));
}

}  // namespace sekisho::access
