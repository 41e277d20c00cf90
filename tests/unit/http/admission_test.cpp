// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/admission.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace sekisho::http {
namespace {

using Standing = Admission::Standing;

/// A ticket that has settled, as of somebody whose handshake is done.
Admission::Ticket settled(Admission& admission, const std::string& site,
                          Standing standing = Standing::stranger) {
  auto entered = admission.enter(site, standing);
  EXPECT_TRUE(entered && entered->ticket.settle()) << site;
  return std::move(entered->ticket);
}

TEST(Admission, LimitsAllAndEachSite) {
  Admission admission({.all = 3, .per_site = 2});
  auto first = settled(admission, "10.0.0.1");
  const auto second = settled(admission, "10.0.0.1");
  EXPECT_FALSE(admission.enter("10.0.0.1", Standing::stranger));
  const auto third = settled(admission, "10.0.0.2");
  EXPECT_FALSE(admission.enter("10.0.0.3", Standing::stranger));
  first = Admission::Ticket();
  EXPECT_EQ(admission.inside(), 2);
  EXPECT_TRUE(admission.enter("10.0.0.1", Standing::stranger));
}

TEST(Admission, DoesNotCountWhoHasNoSiteBySite) {
  Admission admission({.all = 3, .per_site = 1});
  const auto first = settled(admission, "");
  const auto second = settled(admission, "");
  EXPECT_EQ(admission.inside(), 2);
}

TEST(Admission, KeepsPlacesForThoseItKnows) {
  Admission admission({.all = 3, .reserved = 1, .per_site = 9});
  const auto first = settled(admission, "stranger");
  const auto second = settled(admission, "stranger");
  EXPECT_FALSE(admission.enter("another stranger", Standing::stranger));
  const auto third = settled(admission, "clinic", Standing::known);
  EXPECT_FALSE(admission.enter("another clinic", Standing::known));
}

TEST(Admission, LetsThoseItKnowsTakeEveryPlace) {
  Admission admission({.all = 2, .reserved = 1, .per_site = 9});
  const auto first = settled(admission, "clinic", Standing::known);
  const auto second = settled(admission, "clinic", Standing::known);
  EXPECT_FALSE(admission.enter("stranger", Standing::stranger));
}

TEST(Admission, GivesThePlaceOfTheOldestHandshakeToWhoComes) {
  Admission admission({.all = 2, .per_site = 9});
  auto oldest = admission.enter("silent", Standing::stranger);
  auto younger = admission.enter("silent", Standing::stranger);
  const auto oldest_number = oldest->ticket.number();
  const auto comes = admission.enter("honest", Standing::stranger);
  ASSERT_TRUE(comes);
  EXPECT_EQ(comes->displaced, oldest_number);
  EXPECT_FALSE(oldest->ticket.settle());
  EXPECT_TRUE(younger->ticket.settle());
  EXPECT_EQ(admission.inside(), 3) << "until it is gone";
  oldest.reset();
  EXPECT_EQ(admission.inside(), 2);
}

TEST(Admission, TakesNoPlaceFromWhoseHandshakeIsDone) {
  Admission admission({.all = 1, .per_site = 9});
  const auto first = settled(admission, "a");
  EXPECT_FALSE(admission.enter("b", Standing::stranger));
}

TEST(Admission, TakesNoPlaceOfThoseItKnowsForAStranger) {
  Admission admission({.all = 1, .per_site = 9});
  const auto arriving = admission.enter("clinic", Standing::known);
  EXPECT_FALSE(admission.enter("stranger", Standing::stranger));
  const auto other = admission.enter("other clinic", Standing::known);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->displaced, arriving->ticket.number());
}

TEST(Admission, SendsStrangersAwayBeforeThoseItKnows) {
  Admission admission({.all = 2, .per_site = 9});
  const auto known = admission.enter("clinic", Standing::known);
  const auto stranger = admission.enter("stranger", Standing::stranger);
  const auto comes = admission.enter("other clinic", Standing::known);
  ASSERT_TRUE(comes);
  EXPECT_EQ(comes->displaced, stranger->ticket.number());
}

TEST(Admission, CountsNoPlaceTwiceWhenTheDisplacedLeave) {
  Admission admission({.all = 1, .per_site = 1});
  for (int i = 0; i < 100; ++i) {
    auto silent = admission.enter("silent", Standing::stranger);
    ASSERT_TRUE(silent) << i;
    auto honest = admission.enter("honest", Standing::stranger);
    ASSERT_TRUE(honest) << i;
    EXPECT_TRUE(honest->displaced.has_value());
  }
  EXPECT_EQ(admission.inside(), 0);
}

TEST(Admission, WhoWaitsInFrontTakesNobodysPlace) {
  Admission admission({.all = 1, .per_site = 1, .waiting = 2});
  const auto waiting = admission.wait_in_front();
  const auto also_waiting = admission.wait_in_front();
  const auto first = settled(admission, "clinic");
  EXPECT_EQ(admission.inside(), 3);
}

TEST(Admission, WhoeverHasWaitedLongestInFrontMakesRoom) {
  Admission admission({.all = 9, .per_site = 9, .waiting = 2});
  auto oldest = admission.wait_in_front();
  auto younger = admission.wait_in_front();
  EXPECT_FALSE(oldest.displaced || younger.displaced);
  auto comes = admission.wait_in_front();
  EXPECT_EQ(comes.displaced, oldest.ticket.number());
  EXPECT_FALSE(oldest.ticket.take_place("clinic", Standing::known)) << "it was sent away";
  EXPECT_TRUE(younger.ticket.take_place("clinic", Standing::known));
  EXPECT_TRUE(comes.ticket.take_place("clinic", Standing::known));
}

TEST(Admission, NobodyTakesTwoPlacesFromInFront) {
  Admission admission({.all = 9, .per_site = 9, .waiting = 2});
  auto waiting = admission.wait_in_front();
  EXPECT_TRUE(waiting.ticket.take_place("clinic", Standing::known));
  EXPECT_FALSE(waiting.ticket.take_place("clinic", Standing::known));
}

TEST(Admission, WhoIsNamedIsCountedLikeWhoComesStraight) {
  Admission admission({.all = 9, .per_site = 2, .waiting = 9});
  const auto straight = settled(admission, "clinic");
  auto named = admission.wait_in_front();
  ASSERT_TRUE(named.ticket.take_place("clinic", Standing::stranger));
  EXPECT_TRUE(named.ticket.settle());
  auto third = admission.wait_in_front();
  EXPECT_FALSE(third.ticket.take_place("clinic", Standing::stranger));
  EXPECT_FALSE(third.ticket.settle());
  EXPECT_FALSE(admission.enter("clinic", Standing::stranger));
  named.ticket = Admission::Ticket();
  EXPECT_TRUE(admission.enter("clinic", Standing::stranger)) << "who left has made room";
}

TEST(Admission, WhoIsNamedTakesThePlaceOfTheOldestHandshake) {
  Admission admission({.all = 1, .per_site = 9, .waiting = 9});
  const auto silent = admission.enter("silent", Standing::stranger);
  auto named = admission.wait_in_front();
  const auto place = named.ticket.take_place("clinic", Standing::stranger);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->displaced, silent->ticket.number());
  EXPECT_TRUE(named.ticket.settle());
}

TEST(Admission, WaitsUntilTheLastHasLeft) {
  Admission admission({.all = 3, .per_site = 3});
  auto ticket = settled(admission, "10.0.0.1");
  EXPECT_FALSE(admission.wait_until_empty(std::chrono::milliseconds(1)));
  auto left = std::async(std::launch::async, [&] { ticket = Admission::Ticket(); });
  admission.wait_until_empty();
  EXPECT_EQ(admission.inside(), 0);
  left.get();
}

}  // namespace
}  // namespace sekisho::http
