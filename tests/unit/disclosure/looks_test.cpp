// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/looks.h"

#include <gtest/gtest.h>

#include <optional>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/sharing_builders.h"

namespace sekisho::disclosure {
namespace {

static_assert(!std::is_copy_constructible_v<Look>);

class LooksTest : public testing::Test {
 protected:
  Look begin(LookFor purpose = LookFor::preview, const core::Demand& wanted = {}) {
    return looks.begin({purpose, recipient, {}, "tanaka"}, wanted);
  }
  LookProgress only() {
    const auto all = looks.under_way();
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
  }

  core::Time now = tests::at("2026-02-10T12:00:00Z");
  const sharing::RecipientId recipient = sharing::RecipientId::random();
  Looks looks{[this] { return now; }};
};

TEST_F(LooksTest, AreUnderWayUntilTheyGo) {
  {
    const Look look = begin();
    EXPECT_EQ(only().subject.recipient, recipient);
    EXPECT_EQ(only().subject.actor, "tanaka");
    EXPECT_EQ(only().started_at, now);
  }
  EXPECT_TRUE(looks.under_way().empty());
}

TEST_F(LooksTest, TellHowManyOfHowManyAreDone) {
  Look look = begin();
  EXPECT_EQ(only().done, 0U);
  EXPECT_EQ(only().total, std::nullopt) << "nothing is listed yet";
  look.expect(20'000);
  look.add_done(1);
  look.add_done(200);
  EXPECT_EQ(only().done, 201U);
  EXPECT_EQ(only().total, 20'000U);
}

TEST_F(LooksTest, OfNothingHaveATotalToo) {
  Look look = begin();
  look.expect(0);
  EXPECT_EQ(only().total, 0U);
}

TEST_F(LooksTest, StandInTheOrderInWhichTheyWereBegun) {
  const Look first = begin(LookFor::preview);
  std::optional<Look> second = begin(LookFor::view);
  const Look third = begin(LookFor::creation);
  second.reset();
  const auto all = looks.under_way();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].subject.purpose, LookFor::preview);
  EXPECT_EQ(all[1].subject.purpose, LookFor::creation);
}

TEST_F(LooksTest, AreNotWantedOnceTheyAreGivenUp) {
  const Look look = begin();
  const Look other = begin();
  EXPECT_NO_THROW(look.demand().ask());
  EXPECT_TRUE(looks.give_up(looks.under_way().front().id));
  EXPECT_THROW(look.demand().ask(), core::DemandOver);
  EXPECT_NO_THROW(other.demand().ask());
}

TEST_F(LooksTest, AreNotWantedOnceNobodyWaits) {
  std::stop_source left;
  const Look look = begin(LookFor::view, core::Demand(left.get_token()));
  EXPECT_NO_THROW(look.demand().ask());
  left.request_stop();
  EXPECT_THROW(look.demand().ask(), core::DemandOver);
}

TEST_F(LooksTest, ThatAreOverCannotBeGivenUp) {
  std::optional<Look> look = begin();
  const LookId id = only().id;
  look.reset();
  EXPECT_FALSE(looks.give_up(id));
  EXPECT_FALSE(looks.find(id));
}

TEST_F(LooksTest, HaveANameOfTheirOwnAsLongAsTheyAreUnderWay) {
  const LookId id = LookId::random();
  std::optional<Look> look = looks.begin_as(id, {LookFor::preview, recipient}, {});
  ASSERT_TRUE(look);
  EXPECT_TRUE(looks.find(id));
  EXPECT_FALSE(looks.begin_as(id, {LookFor::creation, recipient}, {}));
  EXPECT_EQ(only().subject.purpose, LookFor::preview) << "the one that was refused ends no other";
  look.reset();
  EXPECT_TRUE(looks.begin_as(id, {LookFor::creation, recipient}, {}));
}

TEST_F(LooksTest, AreCountedAndReadByManyThreadsAtOnce) {
  std::vector<std::jthread> lookers;
  for (int i = 0; i < 4; ++i) {
    lookers.emplace_back([this] {
      for (int n = 0; n < 100; ++n) {
        Look look = begin();
        look.expect(10);
        for (int done = 0; done < 10; ++done) look.add_done(1);
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    for (const LookProgress& each : looks.under_way()) {
      EXPECT_LE(each.done, 10U);
      looks.give_up(each.id);
    }
  }
  lookers.clear();
  EXPECT_TRUE(looks.under_way().empty());
}

}  // namespace
}  // namespace sekisho::disclosure
