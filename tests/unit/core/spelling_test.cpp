// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spelling.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

TEST(FoldSpelling, LeavesWhatIsNoTextOrTooLongAsItIs) {
  EXPECT_EQ(fold_spelling("\xFF\xFEZ"), "\xFF\xFEZ");
  const std::string longest(4096, 'A');
  EXPECT_EQ(fold_spelling(longest), std::string(4096, 'a'));
  EXPECT_EQ(fold_spelling(longest + 'A'), longest + 'A');
  EXPECT_EQ(fold_spelling(""), "");
}

TEST(BareSpelling, IsWhatPeopleAgreeOn) {
  for (const char* name :
       {"カワムラ", "かわむら", "ｶﾜﾑﾗ", "カワ・ムラ", "カワ ムラ", "カーワームラ"}) {
    EXPECT_EQ(bare_spelling(name), "かわむら") << name;
  }
  EXPECT_EQ(bare_spelling("ﾊﾞﾗ"), bare_spelling("バラ"));
  EXPECT_EQ(bare_spelling("ハ\u3099ラ"), bare_spelling("バラ")) << "voiced by a mark of its own";
  EXPECT_NE(bare_spelling("ハラ"), bare_spelling("バラ")) << "another sound";
  EXPECT_EQ(bare_spelling("キヤノン"), bare_spelling("キャノン"));
  EXPECT_EQ(bare_spelling("霞ヶ関"), bare_spelling("霞ケ関"));
  EXPECT_EQ(bare_spelling("髙橋　齋藤"), bare_spelling("高橋斉藤"));
  EXPECT_EQ(bare_spelling("葛\U000E0100城"), bare_spelling("葛城")) << "a glyph's variant";
  EXPECT_EQ(bare_spelling("山﨑"), "山崎");
  EXPECT_EQ(bare_spelling("佐々木"), "佐々木");
  EXPECT_EQ(bare_spelling("０３－１２３４ー５６７８"), "0312345678");
  EXPECT_EQ(bare_spelling("Office@Minato-Clinic.example"), "officeminatoclinicexample");
  EXPECT_EQ(bare_spelling("★ (-) =\"'"), "");
}

TEST(BareSpelling, IsItsOwn) {
  for (const char* name :
       {"医療法人社団 ヴィーナス会", "Ærøskøbing", "㈱ＡＢＣ", "ﾌﾟﾗｲﾑ", "한국 병원", "ﬁne"}) {
    const std::string bare = bare_spelling(name);
    EXPECT_EQ(bare_spelling(bare), bare) << name;
    EXPECT_FALSE(bare.empty());
  }
}

TEST(BareSpelling, LeavesWhatIsNoTextAsItIs) {
  EXPECT_EQ(bare_spelling("\xFF\xFE-Z"), "\xFF\xFE-Z");
  EXPECT_EQ(bare_spelling(""), "");
}

}  // namespace
}  // namespace sekisho::core
