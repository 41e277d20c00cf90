// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/descriptors.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "anonymization/tables.h"

namespace sekisho::anonymization {
namespace {

struct Cleaning {
  std::string_view before;
  std::string_view after;
};

TEST(CleanDescriptor, KeepsWhatRadiologySays) {
  for (const auto& [before, after] : {
           Cleaning{"CT ABDOMEN WITH CONTRAST", "CT ABDOMEN WITH CONTRAST"},
           Cleaning{"t2_tse_sag", "t2 tse sag"},
           Cleaning{"AX T1 FLAIR", "AX T1 FLAIR"},
           Cleaning{"Head CT 5mm", "Head CT 5mm"},
           Cleaning{"Thorax 1.25 mm", "Thorax 1.25 mm"},
           Cleaning{"胸部単純CT", "胸部単純CT"},
           Cleaning{"右膝関節 MRI", "右膝関節 MRI"},
           Cleaning{"腹部　造影（動脈相）", "腹部 造影 動脈相"},
           Cleaning{"ＣＴ胸部", "CT胸部"},
           Cleaning{"Localizer.", "Localizer"},
       }) {
    EXPECT_EQ(clean_descriptor(before), after) << before;
  }
}

TEST(CleanDescriptor, DropsNamesNumbersAndDates) {
  for (const auto& [before, after] : {
           Cleaning{"CT abdomen Smith John", "CT abdomen"},
           Cleaning{"YAMADA TARO CT", "CT"},
           Cleaning{"胸部 山田太郎", "胸部"},
           Cleaning{"山田太郎胸部CT", "CT"},
           Cleaning{"ヤマダ タロウ 胸部", "胸部"},
           Cleaning{"足立 胸部", "胸部"},
           // Nobody knows that 足立 says nothing of it.
           Cleaning{"足立 造影", ""},
           Cleaning{"手塚様 右膝", ""},
           Cleaning{"CT 19800512", "CT"},
           Cleaning{"MR 12/05/1980", "MR"},
           Cleaning{"CT 090-1234-5678", "CT"},
           Cleaning{"ID 12345 mm", ""},
           Cleaning{"5", ""},
           Cleaning{"Dr. Müller CT", "CT"},
           Cleaning{"Иванов CT", "CT"},
           Cleaning{"김민수 MR", "MR"},
           Cleaning{"ﾔﾏﾀﾞ CT", "CT"},
           Cleaning{"", ""},
           Cleaning{"\xFF\xFE"
                    "CT",
                    ""},
       }) {
    EXPECT_EQ(clean_descriptor(before), after) << before;
  }
}

TEST(CleanDescriptor, KeepsAWordThatCouldBeANameOnlyBesideOneThatCouldNot) {
  EXPECT_EQ(clean_descriptor("Head"), "");
  EXPECT_EQ(clean_descriptor("Head, Edith"), "");
  EXPECT_EQ(clean_descriptor("Edith Head CT"), "Head CT");
  EXPECT_EQ(clean_descriptor("Head Edith CT"), "CT");
  EXPECT_EQ(clean_descriptor("右"), "");
  EXPECT_EQ(clean_descriptor("右 CT"), "右 CT");
}

TEST(CleanDescriptor, CutsNoWordOutOfANameThatHoldsIt) {
  // 肺 and 胸部 are words; a run that is not all words is none.
  EXPECT_EQ(clean_descriptor("肺田"), "");
  EXPECT_EQ(clean_descriptor("胸部田"), "");
  EXPECT_EQ(clean_descriptor("CTANAKA"), "");
  EXPECT_EQ(clean_descriptor("Axelson"), "");
}

TEST(CleanDescriptor, ChangesNothingTheSecondTimeAndNeverGrows) {
  const std::string_view pieces[] = {"Head", "CT", "山田",  "胸部", "5",    "mm", "1234", "_",
                                     " ",    "右", "Smith", "T2*",  "ＭＲ", "。", "\x80", "1.5T",
                                     "なし", ".",  "W/O",   "-",    "(-)",  "?",  "LEFT", "L",
                                     "/",    "±",  "無し",  "<",    "5TH",  "第"};
  std::uint32_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 6; ++i) {
      state = state * 1664525 + 1013904223;
      text += pieces[(state >> 16) % std::size(pieces)];
    }
    const std::string once = clean_descriptor(text);
    EXPECT_EQ(clean_descriptor(once), once) << text;
    EXPECT_LE(once.size(), text.size()) << text;
    EXPECT_EQ(once.find("山田"), std::string::npos);
    EXPECT_EQ(once.find("Smith"), std::string::npos);
  }
}

TEST(CleanDescriptor, TakesALongTextInItsStride) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "部";
  EXPECT_EQ(clean_descriptor(text), "");
  EXPECT_EQ(clean_descriptor(std::string(1'000'000, 'A')), "");
}

TEST(DescriptorWord, IsKnownWhereverItStands) {
  for (std::string_view word :
       {"CT", "abdomen", "Sagittal", "5mm", "120kV", "胸部", "造影", "T2*"}) {
    EXPECT_TRUE(is_descriptor_word(word)) << word;
  }
  for (std::string_view word :
       {"", " ", "Head", "右", "5", "12345mm", "Smith", "山田", "CT MR", " CT", "mm", "."}) {
    EXPECT_FALSE(is_descriptor_word(word)) << word;
  }
}

TEST(DescriptorWords, HoldNoSurnameThatStandsAlone) {
  // The commonest surnames of Japan, and English ones that are also words of radiology.
  for (std::string_view name :
       {"佐藤",  "鈴木",  "高橋",  "田中",  "伊藤",   "渡辺",     "山本",  "中村",
        "小林",  "加藤",  "左",    "右",    "上",     "中",       "HEAD",  "NECK",
        "HAND",  "FOOT",  "BACK",  "BONE",  "BRAIN",  "HEART",    "LUNG",  "LOW",
        "HIGH",  "LONG",  "SHORT", "POST",  "SHARP",  "EARLY",    "FAST",  "WHITE",
        "BLACK", "BLOOD", "DIXON", "TOWNE", "WATERS", "CALDWELL", "STONE", "FIELD",
        "BEAM",  "KEY",   "BRAVO", "LEGG",  "CHEST",  "SMITH"}) {
    EXPECT_FALSE(std::ranges::binary_search(descriptor_words_alone(), name)) << name;
  }
  for (std::string_view word : descriptor_words_beside()) {
    EXPECT_FALSE(std::ranges::binary_search(descriptor_words_alone(), word)) << word;
  }
}

}  // namespace
}  // namespace sekisho::anonymization
