// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/password_policy.h"

#include <gtest/gtest.h>

#include <vector>

namespace sekisho::access {
namespace {

PasswordFlaw judge(std::string_view password, Beside beside = Beside::nothing,
                   const std::vector<std::string>& words = {}) {
  return judge_password(password, beside, words);
}

TEST(PasswordPolicy, WantsThirteenCharactersAlone) {
  EXPECT_EQ(judge("hx8-gq2-plm-"), PasswordFlaw::too_short);
  EXPECT_EQ(judge("hx8-gq2-plm-4"), PasswordFlaw::none);
  EXPECT_EQ(judge("correct horse battery staple"), PasswordFlaw::none);
}

TEST(PasswordPolicy, WantsEightOfAllKindsBesideASecondFactor) {
  EXPECT_EQ(judge("G7#kq2!", Beside::second_factor), PasswordFlaw::too_short);
  EXPECT_EQ(judge("G7#kq2!z", Beside::second_factor), PasswordFlaw::none);
  EXPECT_EQ(judge("G7pkq2bz", Beside::second_factor), PasswordFlaw::too_plain);
  EXPECT_EQ(judge("G-#kq+!z", Beside::second_factor), PasswordFlaw::too_plain);
  EXPECT_EQ(judge("57#912!8", Beside::second_factor), PasswordFlaw::too_plain);
  EXPECT_EQ(judge("G7#kq2!z"), PasswordFlaw::too_short);
}

TEST(PasswordPolicy, CountsCharactersAndNotBytes) {
  EXPECT_EQ(judge("桜島火山灰雨雲"), PasswordFlaw::too_short);
  EXPECT_EQ(judge("桜島火山灰雨雲傘靴道橋川海"), PasswordFlaw::none);
}

TEST(PasswordPolicy, RefusesWhatIsInTheListsOfLeakedOnes) {
  for (const char* password :
       {"password123456", "Password1234!", "1234567890123", "qwertyuiop1234", "iloveyou123456",
        "letmeinletmein", "passwordpassword", "aaaaaaaaaaaaa", "dragonmonkey123", "1q2w3e4r5t6y7u",
        "qazwsxedcrfvtgb", "sunshine princess", "Hospital-2026!"}) {
    EXPECT_EQ(judge(password), PasswordFlaw::common) << password;
  }
  EXPECT_EQ(judge("P@ssw0rd1", Beside::second_factor), PasswordFlaw::common);
}

TEST(PasswordPolicy, RefusesWhatEverybodyKnowsOfThePerson) {
  const std::string password = "wakabayashi.takeshi1";
  EXPECT_EQ(judge(password), PasswordFlaw::none);
  EXPECT_EQ(judge(password, Beside::nothing, {"wakabayashi.takeshi"}), PasswordFlaw::common);
  EXPECT_EQ(judge("kyoko-sato-2026"), PasswordFlaw::none);
  for (const char* word : {"sato.kyoko", "Sato Kyoko", "kyoko@sato.example"}) {
    EXPECT_EQ(judge("kyoko-sato-2026", Beside::nothing, {word}), PasswordFlaw::common) << word;
  }
}

TEST(PasswordPolicy, RefusesWhatNobodyCanTypeOrHash) {
  EXPECT_EQ(judge("hx8-gq2-plm-4\n"), PasswordFlaw::unreadable);
  EXPECT_EQ(judge("hx8-gq2-plm-4\xFF"), PasswordFlaw::unreadable);
  EXPECT_EQ(judge(std::string_view("hx8-gq2-plm-4\0", 14)), PasswordFlaw::unreadable);
  EXPECT_EQ(judge(std::string(257, 'x')), PasswordFlaw::too_long);
}

TEST(PasswordPolicy, NamesWhatIsWrong) {
  EXPECT_EQ(name(PasswordFlaw::none), "");
  EXPECT_EQ(name(PasswordFlaw::common), "Common");
}

}  // namespace
}  // namespace sekisho::access
