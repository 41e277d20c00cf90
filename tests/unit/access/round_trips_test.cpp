// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/round_trips.h"

#include <gtest/gtest.h>

#include <set>

#include "core/encoding.h"
#include "support/access_house.h"

namespace sekisho::access {
namespace {

class RoundTripTest : public testing::Test {
 protected:
  RoundTrips trips;
  const core::Time now = tests::moment("2026-02-01T09:00:00Z");
};

TEST_F(RoundTripTest, IsKnownAgainByItsCookieAndItsState) {
  const SessionId session = SessionId::random();
  const auto begun = trips.begin(core::Sha256{7}, session, now);
  const auto back = trips.resume(begun.cookie, begun.trip.state, now + std::chrono::minutes(9));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, begun.trip.state);
  EXPECT_EQ(back->nonce, begun.trip.nonce);
  EXPECT_EQ(back->verifier, begun.trip.verifier);
  EXPECT_EQ(back->invitation, core::Sha256{7});
  EXPECT_EQ(back->session, session);
  const auto plain = trips.begin(std::nullopt, std::nullopt, now);
  const auto plainly_back = trips.resume(plain.cookie, plain.trip.state, now);
  EXPECT_FALSE(plainly_back->invitation);
  EXPECT_FALSE(plainly_back->session);
}

TEST_F(RoundTripTest, OfAnotherBrowserIsNotOnes) {
  const auto one = trips.begin(std::nullopt, std::nullopt, now);
  const auto two = trips.begin(std::nullopt, std::nullopt, now);
  EXPECT_FALSE(trips.resume(one.cookie, two.trip.state, now));
  EXPECT_FALSE(trips.resume(two.cookie, one.trip.state, now));
  EXPECT_FALSE(trips.resume("", one.trip.state, now));
  EXPECT_FALSE(trips.resume(one.cookie, "", now));
  EXPECT_FALSE(trips.resume(std::string(5000, 'A'), one.trip.state, now));
  RoundTrips another_process;
  EXPECT_FALSE(another_process.resume(one.cookie, one.trip.state, now));
  for (std::size_t i = 0; i < one.cookie.size(); i += 7) {
    std::string changed = one.cookie;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(trips.resume(changed, one.trip.state, now)) << i;
  }
}

TEST_F(RoundTripTest, EndsOnceAndAfterTenMinutes) {
  const auto begun = trips.begin(std::nullopt, std::nullopt, now);
  EXPECT_FALSE(trips.resume(begun.cookie, begun.trip.state, now + kRoundTripLife));
  EXPECT_FALSE(trips.resume(begun.cookie, begun.trip.state, now - std::chrono::seconds(1)));
  EXPECT_TRUE(trips.end(begun.trip, now));
  EXPECT_FALSE(trips.end(begun.trip, now));
  EXPECT_FALSE(trips.resume(begun.cookie, begun.trip.state, now));
}

TEST_F(RoundTripTest, ShowsNothingAndRepeatsNothing) {
  const auto begun = trips.begin(std::nullopt, std::nullopt, now);
  const auto bytes = core::from_base64url(begun.cookie).value();
  const std::string_view sealed = core::as_text(bytes);
  for (const std::string& secret : {begun.trip.state, begun.trip.nonce, begun.trip.verifier}) {
    EXPECT_GE(secret.size(), 43U);
    EXPECT_EQ(sealed.find(secret), std::string_view::npos);
  }
  const auto next = trips.begin(std::nullopt, std::nullopt, now);
  const std::set<std::string> drawn = {begun.trip.state, begun.trip.nonce, begun.trip.verifier,
                                       next.trip.state,  next.trip.nonce,  next.trip.verifier};
  EXPECT_EQ(drawn.size(), 6U);
}

}  // namespace
}  // namespace sekisho::access
