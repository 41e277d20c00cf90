// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/denial_ledger.h"

#include <gtest/gtest.h>

namespace sekisho::disclosure {
namespace {

using Treatment = DenialLedger::Treatment;
using std::chrono::seconds;

core::Time at(int second) { return core::Time(seconds(1'700'000'000 + second)); }

int recorded_of(DenialLedger& ledger, const std::string& address, int denials, core::Time now) {
  int recorded = 0;
  for (int i = 0; i < denials; ++i) {
    if (ledger.note({address, ""}, now) == Treatment::record) ++recorded;
  }
  return recorded;
}

TEST(DenialLedger, RecordsTwentyOfAnAddressAndCountsTheOthers) {
  DenialLedger ledger;
  EXPECT_EQ(recorded_of(ledger, "10.0.0.1", 50, at(0)), 20);
  EXPECT_EQ(recorded_of(ledger, "10.0.0.2", 3, at(1)), 3);
  EXPECT_TRUE(ledger.take_finished(at(59)).empty());
  const auto repeated = ledger.take_finished(at(60));
  ASSERT_EQ(repeated.size(), 1u);
  EXPECT_EQ(repeated[0].who.address, "10.0.0.1");
  EXPECT_EQ(repeated[0].times, 30u);
}

TEST(DenialLedger, TellsEachCountOnceAndBeginsAnew) {
  DenialLedger ledger;
  recorded_of(ledger, "10.0.0.1", 30, at(0));
  EXPECT_EQ(ledger.take_finished(at(61)).size(), 1u);
  EXPECT_TRUE(ledger.take_finished(at(61)).empty());
  EXPECT_EQ(recorded_of(ledger, "10.0.0.1", 30, at(62)), 20);
  EXPECT_TRUE(ledger.take_finished(at(121)).empty());
  EXPECT_EQ(ledger.take_finished(at(122)).size(), 1u);
}

TEST(DenialLedger, TellsWhatItCountedSoFarWhenTheDoorCloses) {
  DenialLedger ledger;
  recorded_of(ledger, "10.0.0.1", 21, at(0));
  const auto repeated = ledger.take_all();
  ASSERT_EQ(repeated.size(), 1u);
  EXPECT_EQ(repeated[0].times, 1u);
}

TEST(DenialLedger, TakesAnIpv6NetworkOfOneHostForOne) {
  DenialLedger ledger;
  EXPECT_EQ(recorded_of(ledger, "2001:db8::1", 15, at(0)), 15);
  EXPECT_EQ(recorded_of(ledger, "2001:db8::2", 15, at(0)), 5);
  EXPECT_EQ(recorded_of(ledger, "2001:db8:0:1::1", 1, at(0)), 1);
  const auto repeated = ledger.take_all();
  ASSERT_EQ(repeated.size(), 1u);
  EXPECT_EQ(repeated[0].who.address, "2001:db8::1");
  EXPECT_EQ(repeated[0].times, 10u);
}

TEST(DenialLedger, CountsAddressesBeyondItsLimitTogether) {
  DenialLedger ledger;
  for (std::size_t i = 0; i < DenialLedger::kAtOnce; ++i) {
    ASSERT_EQ(ledger.note({std::to_string(i), ""}, at(0)), Treatment::record);
  }
  EXPECT_EQ(ledger.note({"one more", ""}, at(1)), Treatment::count);
  EXPECT_EQ(ledger.note({"and another", ""}, at(1)), Treatment::count);
  EXPECT_EQ(ledger.note({"0", ""}, at(1)), Treatment::record);
  const auto repeated = ledger.take_finished(at(60));
  ASSERT_EQ(repeated.size(), 1u);
  EXPECT_EQ(repeated[0].who.address, "");
  EXPECT_EQ(repeated[0].times, 2u);
}

}  // namespace
}  // namespace sekisho::disclosure
