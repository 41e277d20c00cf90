// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/password_hasher.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

#include "support/access_house.h"

namespace sekisho::access {
namespace {

using tests::quick_hashing;

TEST(PasswordHasher, KnowsAPasswordAgain) {
  PasswordHasher hasher(quick_hashing());
  const auto turn = hasher.enter("10.0.0.1");
  const std::string encoded = hasher.hash(*turn, "mountain river 7 lake");
  EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << encoded;
  EXPECT_TRUE(hasher.matches(*turn, "mountain river 7 lake", encoded));
  EXPECT_FALSE(hasher.matches(*turn, "mountain river 7 lakE", encoded));
  EXPECT_FALSE(hasher.matches(*turn, "", encoded));
  EXPECT_FALSE(hasher.matches_nothing(*turn, ""));
  EXPECT_NE(hasher.hash(*turn, "mountain river 7 lake"), encoded);
}

TEST(PasswordHasher, ReadsWhatTheReferenceImplementationWrote) {
  // The vector of its own tests for m=2^16, t=2, p=1, "password" and "somesalt".
  PasswordHasher hasher(quick_hashing());
  const auto turn = hasher.enter("10.0.0.1");
  EXPECT_TRUE(hasher.matches(*turn, "password",
                             "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                             "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
  EXPECT_THROW(hasher.matches(*turn, "password", "no hash"), std::runtime_error);
}

TEST(PasswordHasher, KnowsWhatWasMadeWithOtherParameters) {
  PasswordHasher hasher(quick_hashing());
  auto stronger = quick_hashing();
  stronger.passes = 2;
  PasswordHasher next(stronger);
  const std::string encoded = hasher.hash(*hasher.enter("10.0.0.1"), "a password");
  EXPECT_FALSE(hasher.is_outdated(encoded));
  EXPECT_TRUE(next.is_outdated(encoded));
  EXPECT_TRUE(next.matches(*next.enter("10.0.0.1"), "a password", encoded));
}

TEST(PasswordHasher, ComputesByDefaultAsRfc9106Recommends) {
  PasswordHasher hasher;
  EXPECT_FALSE(hasher.is_outdated("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST(PasswordHasher, OneSiteKeepsNobodyElseWaiting) {
  auto settings = quick_hashing();
  settings.at_once = 3;
  settings.patience = std::chrono::milliseconds(0);
  PasswordHasher hasher(settings);
  std::vector<PasswordHasher::Turn> held;
  for (int i = 0; i < settings.waiting_per_site; ++i) held.push_back(*hasher.enter("10.0.0.1"));
  EXPECT_FALSE(hasher.enter("10.0.0.1"));
  EXPECT_TRUE(hasher.enter("10.0.0.2"));
  held.pop_back();
  EXPECT_TRUE(hasher.enter("10.0.0.1"));
}

TEST(PasswordHasher, ComputesSoManyAtOnceAndNoMore) {
  auto settings = quick_hashing();
  settings.patience = std::chrono::milliseconds(0);
  PasswordHasher hasher(settings);
  std::vector<PasswordHasher::Turn> held;
  held.push_back(*hasher.enter("10.0.0.1"));
  held.push_back(*hasher.enter("10.0.0.2"));
  EXPECT_FALSE(hasher.enter("10.0.0.3"));
  held.pop_back();
  EXPECT_TRUE(hasher.enter("10.0.0.3"));
}

TEST(PasswordHasher, WhoWaitsGetsTheNextTurn) {
  auto settings = quick_hashing();
  settings.at_once = 1;
  settings.patience = std::chrono::minutes(1);
  PasswordHasher hasher(settings);
  std::optional<PasswordHasher::Turn> first = hasher.enter("10.0.0.1");
  bool got_it = false;
  std::jthread second([&] { got_it = hasher.enter("10.0.0.2").has_value(); });
  first.reset();
  second.join();
  EXPECT_TRUE(got_it);
}

}  // namespace
}  // namespace sekisho::access
