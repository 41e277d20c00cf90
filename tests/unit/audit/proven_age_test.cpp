// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keeping/proven_age.h"

#include <gtest/gtest.h>

#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;
using std::chrono::years;

core::Bytes seed(int n) { return core::Bytes(32, static_cast<core::Byte>(n)); }

class ProvenAgeTest : public ::testing::Test {
 protected:
  std::string note(std::uint64_t size, sys_seconds time, bool both = true) const {
    const std::string text = Checkpoint{test::kOrigin, size, {}}.text();
    std::string note = log_.sign(text) + first_.cosign(text, time);
    if (both) note += second_.cosign(text, time);
    return note;
  }
  std::optional<ProvenAge> age(const std::vector<std::string>& notes, int limit = 7) const {
    const std::vector<CosignatureVerifier> witnesses{first_.verifier(), second_.verifier()};
    const NoteVerifier keys[] = {before_.verifier(), log_.verifier()};
    return proven_age(notes, keys, witnesses, 2, years(limit));
  }

  const NoteSigner log_{test::kOrigin, seed(1)};
  const NoteSigner before_{test::kOrigin, seed(4)};  ///< its key before it was rotated
  const Cosigner first_{"first.example/w", seed(2)};
  const Cosigner second_{"second.example/w", seed(3)};
};

TEST_F(ProvenAgeTest, IsWhatAQuorumHadSeenSoManyYearsBeforeItWasHeardLast) {
  const auto proven =
      age({note(100, sys_days(year{2026} / 1 / 1)), note(900, sys_days(year{2026} / 6 / 1)),
           note(5000, sys_days(year{2033} / 3 / 1))});
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->size, 100U);
  EXPECT_EQ(proven->then, sys_days(year{2026} / 1 / 1));
  EXPECT_EQ(proven->now, sys_days(year{2033} / 3 / 1));
}

TEST_F(ProvenAgeTest, TakesTheLargestThatIsOldEnough) {
  const auto proven =
      age({note(900, sys_days(year{2026} / 3 / 1)), note(100, sys_days(year{2026} / 1 / 1)),
           note(5000, sys_days(year{2033} / 3 / 1))});
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->size, 900U);
}

TEST_F(ProvenAgeTest, IsNothingWhereWitnessesHaveNotSeenTheYearsPass) {
  EXPECT_FALSE(age({}));
  EXPECT_FALSE(age({note(100, sys_days(year{2026} / 1 / 1))}));
  EXPECT_FALSE(age({note(100, sys_days(year{2026} / 1 / 2)),
                    note(5000, sys_days(year{2033} / 1 / 2) - std::chrono::seconds(1))}));
  EXPECT_TRUE(
      age({note(100, sys_days(year{2026} / 1 / 2)), note(5000, sys_days(year{2033} / 1 / 2))}));
}

TEST_F(ProvenAgeTest, OutlivesARotationOfTheKey) {
  const std::string text = Checkpoint{test::kOrigin, 100, {}}.text();
  const sys_seconds then = sys_days(year{2026} / 1 / 1);
  const std::string old =
      before_.sign(text) + first_.cosign(text, then) + second_.cosign(text, then);
  const auto proven = age({old, note(5000, sys_days(year{2034} / 1 / 1))});
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->size, 100U);
}

TEST_F(ProvenAgeTest, DoesNotBelieveOneWitnessOfTwo) {
  EXPECT_FALSE(age(
      {note(100, sys_days(year{2026} / 1 / 1)), note(5000, sys_days(year{2034} / 1 / 1), false)}));
}

TEST_F(ProvenAgeTest, DoesNotBelieveWhatTheLogDidNotSign) {
  const NoteSigner other{test::kOrigin, seed(9)};
  const std::string text = Checkpoint{test::kOrigin, 5000, {}}.text();
  const sys_seconds late = sys_days(year{2034} / 1 / 1);
  const std::string forged =
      other.sign(text) + first_.cosign(text, late) + second_.cosign(text, late);
  EXPECT_FALSE(age({note(100, sys_days(year{2026} / 1 / 1)), forged, "rubbish"}));
}

TEST_F(ProvenAgeTest, CountsALeapDayAsTheDayBefore) {
  EXPECT_TRUE(age(
      {note(100, sys_days(year{2027} / 2 / 28)), note(5000, sys_days(year{2032} / 2 / 29))}, 5));
}

TEST(WitnessTimesTest, KeepOneNoteADay) {
  test::Directory directory;
  const auto file = directory.path() / "audit.witness-times";
  const sys_seconds noon = sys_days(year{2026} / 1 / 31) + hours(12);
  EXPECT_TRUE(WitnessTimes(file).notes().empty());
  WitnessTimes(file).keep("first\n", noon);
  WitnessTimes(file).keep("an hour later\n", noon + hours(1));
  WitnessTimes(file).keep("next day\n", noon + hours(24));
  EXPECT_EQ(WitnessTimes(file).notes(), (std::vector<std::string>{"first\n", "next day\n"}));
}

TEST(WitnessTimesTest, PassOverRubbish) {
  test::Directory directory;
  const auto file = directory.path() / "audit.witness-times";
  std::ofstream(file) << "rubbish\n\n12 not base64!\n1769860800 Zmlyc3QK\n1769860800 Zmly";
  EXPECT_EQ(WitnessTimes(file).notes().front(), "first\n");
}

}  // namespace
}  // namespace sekisho::audit
