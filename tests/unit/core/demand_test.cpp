// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/demand.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

TEST(Demand, OfNobodyInParticularNeverEnds) {
  const Demand demand;
  EXPECT_FALSE(demand.is_over());
  EXPECT_NO_THROW(demand.ask());
}

TEST(Demand, EndsWhenWhoeverAskedHasGone) {
  std::stop_source gone;
  const Demand demand(gone.get_token());
  EXPECT_NO_THROW(demand.ask());
  gone.request_stop();
  EXPECT_TRUE(demand.is_over());
  EXPECT_THROW(demand.ask(), DemandOver);
}

TEST(Demand, EndsWhenWhoeverAskedMayNotHaveItAnyMore) {
  bool holds = true;
  const Demand demand(std::stop_token(), [&] { return holds; });
  EXPECT_NO_THROW(demand.ask());
  holds = false;
  EXPECT_THROW(demand.ask(), DemandOver);
}

TEST(DemandSteps, AskOnceInAThousandStepsOrSo) {
  int asked = 0;
  const Demand demand(std::stop_token(), [&] {
    ++asked;
    return true;
  });
  DemandSteps steps(demand);
  for (int i = 0; i < 100'000; ++i) steps.step();
  EXPECT_GE(asked, 50);
  EXPECT_LE(asked, 200);
}

}  // namespace
}  // namespace sekisho::core
