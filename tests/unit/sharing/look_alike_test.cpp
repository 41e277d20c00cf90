// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/look_alike.h"

#include <gtest/gtest.h>

namespace sekisho::sharing {
namespace {

Likeness likeness(const char* name, const char* place = "") {
  Recipient recipient;
  recipient.name = name;
  recipient.place = place;
  return likeness_of(recipient);
}

bool alike(const char* one, const char* other) {
  const bool are = are_alike(likeness(one), likeness(other));
  EXPECT_EQ(are, are_alike(likeness(other), likeness(one))) << one << " and " << other;
  return are;
}

TEST(LookAlike, HasTheSameNameInAnotherSpelling) {
  for (const char* name : {"かわむら眼科", "ｶﾜﾑﾗ眼科", "カワムラ 眼科", "カーワムラ・眼科",
                           "カワムラ眼科クリニック", "医療法人社団カワムラ会カワムラ眼科"}) {
    EXPECT_EQ(alike("カワムラ眼科", name),
              std::string_view(name).find("会") == std::string_view::npos)
        << name;
  }
  EXPECT_TRUE(alike("Minato Clinic", "MINATO HOSPITAL"));
  EXPECT_TRUE(alike("The Minato-Clinic, Inc.", "minato"));
  EXPECT_TRUE(alike("髙橋医院", "株式会社 高橋"));
  EXPECT_TRUE(alike("地方独立行政法人 市立病院", "市立総合病院"));
  EXPECT_FALSE(alike("Prince Clinic", "Pre Clinic")) << "inc in the middle of a word";
}

TEST(LookAlike, HasTheSameNameWithItsPlace) {
  EXPECT_TRUE(are_alike(likeness("港クリニック", "芝"), likeness("港クリニック芝")));
  EXPECT_TRUE(are_alike(likeness("港芝"), likeness("港クリニック", "芝")));
  EXPECT_TRUE(are_alike(likeness("中央病院", "札幌"), likeness("中央病院", "福岡")));
  EXPECT_FALSE(are_alike(likeness("中央病院", "札幌"), likeness("港病院", "札幌")));
}

TEST(LookAlike, IsOneLetterApart) {
  EXPECT_TRUE(alike("さくら内科", "さくら外科"));
  EXPECT_TRUE(alike("さくら内科", "さくらい内科"));
  EXPECT_TRUE(alike("さくら内科", "くら内科"));
  EXPECT_TRUE(alike("さくら内科", "さくら内"));
  EXPECT_TRUE(alike("Minato Radiology", "Minata Radiology"));
  EXPECT_TRUE(alike("東第一診療", "東第二診療")) << "一 and 二 differ in their last byte alone";
  EXPECT_TRUE(alike("山本病理科", "山木病理科"));
  EXPECT_FALSE(alike("さくら内科", "さつき内科"));
  EXPECT_FALSE(alike("さくら内科", "さ内科"));
  EXPECT_FALSE(alike("abcdef", "abdcef")) << "two letters that change places are two";
}

TEST(LookAlike, IsNoneWhereOneLetterIsMuchOrANumber) {
  EXPECT_FALSE(alike("山田医院", "山本医院"));
  EXPECT_FALSE(alike("Reader 1", "Reader 2"));
  EXPECT_FALSE(alike("検診車10号", "検診車1号"));
  EXPECT_TRUE(alike("検診車1号", "健診車１号"));
}

TEST(LookAlike, IsFoundWhereNothingButTheKindIsLeft) {
  EXPECT_TRUE(alike("クリニック", "くりにっく"));
  EXPECT_FALSE(alike("クリニック", "医院"));
  EXPECT_FALSE(alike("★", "☆")) << "nobody can read these anyway";
}

}  // namespace
}  // namespace sekisho::sharing
