// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/name_match.h"

#include <gtest/gtest.h>

namespace sekisho::dicomweb {
namespace {

constexpr const char* kYamada = "Yamada^Tarou=山田^太郎=やまだ^たろう";

bool matches(const char* asked, const char* name) { return FuzzyName(asked).matches(name); }

TEST(FuzzyName, KnowsNoCaseAndNoAccents) {
  EXPECT_TRUE(matches("muller", "MÜLLER^José"));
  EXPECT_TRUE(matches("JOSE MÜLLER", "Müller^José"));
  EXPECT_TRUE(matches("François", "FRANCOIS"));
  EXPECT_TRUE(matches("Strauss", "Strauß"));
  EXPECT_TRUE(matches("Soren", "Kierkegaard^Søren"));
  EXPECT_TRUE(matches("Lodz", "Łódź^Ewa"));
  EXPECT_TRUE(matches("ΑΛΕΞΗΣ", "Αλέξης"));
  EXPECT_TRUE(matches("петр", "ПЁТР"));
  EXPECT_TRUE(matches("Müller", "Mu\u0308ller")) << "composed and decomposed";
  EXPECT_FALSE(matches("moller", "Müller"));
}

TEST(FuzzyName, TakesWordsInWhateverOrder) {
  for (const char* asked :
       {"Tarou Yamada", "tarou^yamada", "Yamada, Tarou", "yamada+tarou", "tar yam"}) {
    EXPECT_TRUE(matches(asked, kYamada)) << asked;
  }
  EXPECT_FALSE(matches("Tarou Suzuki", kYamada)) << "each word counts";
  EXPECT_FALSE(matches("amada", kYamada)) << "words are looked for from their beginning";
  EXPECT_TRUE(matches("*amada t?rou", kYamada));
  EXPECT_TRUE(matches("Jean Luc", "Picard^Jean-Luc"));
  EXPECT_TRUE(matches("OBrien", "O'Brien^Miles"));
}

TEST(FuzzyName, ReadsEveryGroupAndBothKana) {
  for (const char* asked : {"山田 太郎", "太郎", "山田太郎", "やまだ", "ヤマダ タロウ", "ﾔﾏﾀﾞ",
                            "ﾔﾏﾀﾞﾀﾛｳ", "ＹＡＭＡＤＡ", "ｙａｍａｄａ　ｔａｒｏｕ", "山田 Tarou"}) {
    EXPECT_TRUE(matches(asked, kYamada)) << asked;
  }
  EXPECT_TRUE(matches("やまだ", "YAMADA^TAROU=山田^太郎=ﾔﾏﾀﾞ^ﾀﾛｳ"));
  EXPECT_TRUE(matches("ジョン", "=ジョン・スミス"));
  EXPECT_TRUE(matches("すみす", "=ジョン・スミス"));
  EXPECT_FALSE(matches("やまた", kYamada)) << "another sound";
  EXPECT_FALSE(matches("田山", kYamada));
}

TEST(FuzzyName, MatchesNoNameWhereNothingIsAskedOrThere) {
  EXPECT_FALSE(matches("^", kYamada));
  EXPECT_FALSE(matches("* *", kYamada));
  EXPECT_FALSE(matches("yamada", ""));
  EXPECT_FALSE(matches("yamada", "^^="));
}

}  // namespace
}  // namespace sekisho::dicomweb
