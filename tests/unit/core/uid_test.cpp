// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/uid.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace sekisho::core {
namespace {

using namespace std::string_view_literals;

TEST(Uid, IsReadWithoutItsPadding) {
  for (const std::string_view text : {"1.2.840"sv, "1.2.840\0"sv, "1.2.840 "sv, "1.2.840\0\0"sv}) {
    ASSERT_TRUE(Uid::parse(text));
    EXPECT_EQ(Uid::parse(text)->text(), "1.2.840");
  }
}

TEST(Uid, LeadingZerosStay) { EXPECT_EQ(Uid::parse("1.02.3")->text(), "1.02.3"); }

TEST(Uid, OfTheStandardHas64CharactersAndNoMore) {
  EXPECT_TRUE(Uid::parse(std::string(64, '1'))->is_standard());
  EXPECT_FALSE(Uid::parse(std::string(65, '1'))->is_standard());
  EXPECT_FALSE(Uid().is_standard());
}

TEST(Uid, IsWhatArchivesHoldInItsPlace) {
  for (const std::string_view text :
       {"1."sv, ".1"sv, "1..2"sv, "1.a"sv, "1.2.-345"sv, "-1"sv, "1.2_3"sv, "CT.1.2"sv, "..1"sv}) {
    ASSERT_TRUE(Uid::parse(text)) << text;
    EXPECT_EQ(Uid::parse(text)->text(), text);
    EXPECT_FALSE(Uid::parse(text)->is_standard()) << text;
  }
  EXPECT_TRUE(Uid::parse("1.02.3")->is_standard());
  EXPECT_TRUE(Uid::parse(std::string(71, '1')));
  EXPECT_FALSE(Uid::parse(std::string(72, '1')));
}

TEST(Uid, WhatNamesNothingIsNothing) {
  for (const std::string_view text :
       {""sv, " "sv, "."sv, ".."sv, "1 2"sv, " 1.2"sv, "1\0.2"sv, "1.2\\3.4"sv, "1.2\n"sv, "1/2"sv,
        "1%2"sv, "1?2"sv, "1.\xE5"sv}) {
    EXPECT_FALSE(Uid::parse(text)) << text;
  }
}

TEST(Uid, ADefaultOneIsEmptyAndEqualsNoParsedOne) {
  EXPECT_TRUE(Uid().empty());
  EXPECT_NE(Uid(), *Uid::parse("1"));
  EXPECT_LT(Uid(), *Uid::parse("0"));
}

TEST(Uid, ServesAsAKey) {
  const std::unordered_set<Uid> set{*Uid::parse("1.2"), *Uid::parse("1.2 "), *Uid::parse("1.3")};
  EXPECT_EQ(set.size(), 2U);
}

}  // namespace
}  // namespace sekisho::core
