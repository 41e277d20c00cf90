// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/recovery_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

namespace sekisho::access {
namespace {

TEST(RecoveryCodes, AreTenAndNoTwoAlike) {
  const RecoveryCodes codes = new_recovery_codes();
  EXPECT_EQ(codes.texts.size(), kRecoveryCodes);
  EXPECT_EQ(std::set<std::string>(codes.texts.begin(), codes.texts.end()).size(), kRecoveryCodes);
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    EXPECT_TRUE(std::regex_match(codes.texts[i], std::regex("([A-Z2-7]{4}-){3}[A-Z2-7]{4}")));
    EXPECT_EQ(recovery_code_hash(codes.texts[i]), codes.hashes[i]);
  }
}

TEST(RecoveryCodes, AreReadHoweverTheyAreTyped) {
  const auto hash = recovery_code_hash("ABCD-EFGH-IJKL-MNOP");
  ASSERT_TRUE(hash);
  EXPECT_EQ(recovery_code_hash(" abcdefgh ijklmnop "), hash);
  EXPECT_NE(recovery_code_hash("ABCD-EFGH-IJKL-MNOQ"), hash);
}

TEST(RecoveryCodes, AreSixteenLettersAndNothingElse) {
  for (const char* typed : {"", "ABCD-EFGH-IJKL-MNO", "ABCD-EFGH-IJKL-MNOPA", "ABCD-EFGH-IJKL-MN0P",
                            "ABCD_EFGH_IJKL_MNOP", "123456"}) {
    EXPECT_FALSE(recovery_code_hash(typed)) << typed;
  }
}

}  // namespace
}  // namespace sekisho::access
