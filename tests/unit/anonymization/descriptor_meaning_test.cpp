// SPDX-License-Identifier: GPL-3.0-or-later
// What cleaning leaves of a description never says the contrary of it (PS3.15 §E.3.5: "values of
// similar meaning").
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "anonymization/masking/descriptors.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/tables.h"

namespace sekisho::anonymization {
namespace {

struct Cleaning {
  std::string_view before;
  std::string_view after;
};

void expect(std::initializer_list<Cleaning> cleanings) {
  for (const auto& [before, after] : cleanings) {
    EXPECT_EQ(clean_descriptor(before), after) << before;
    EXPECT_EQ(clean_descriptor(after), after) << before;
  }
}

TEST(CleanDescriptorMeaning, AnExaminationWithoutContrastDoesNotGetSome) {
  expect({
      {"CT CHEST W/O CONTRAST", "CT CHEST W/O CONTRAST"},
      {"CT CHEST w/o contrast", "CT CHEST w/o contrast"},
      {"CT CHEST Ｗ／Ｏ CONTRAST", "CT CHEST W/O CONTRAST"},
      {"CT ABDOMEN NON CONTRAST", "CT ABDOMEN NON CONTRAST"},
      {"CT ABDOMEN NON-CONTRAST", "CT ABDOMEN NON-CONTRAST"},
      {"CT WITHOUT CONTRAST", "CT WITHOUT CONTRAST"},
      {"CT C-SPINE W/O CONTRAST", "CT C-SPINE W/O CONTRAST"},
      {"MRI BRAIN W/WO CONTRAST", "MRI BRAIN W/WO CONTRAST"},
      {"CHEST W/CONTRAST", "CHEST W/CONTRAST"},
      {"CONTRAST: NONE", "CONTRAST: NONE"},
      {"CONTRAST - NONE", "CONTRAST - NONE"},
      {"CE(-)", "CE(-)"},
      {"CE (+/-)", "CE (+/-)"},
      {"CT ±CONTRAST", "CT ±CONTRAST"},
      {"腹部CT 造影無し", "腹部CT 造影無し"},
      {"腹部CT 造影なし", "腹部CT 造影なし"},
      {"造影（－）", "造影(-)"},
      {"非造影CT", "非造影CT"},
      // Nobody knows how it goes on, so nothing is said.
      {"W / O CONTRAST", ""},
      {"W.O. CONTRAST", ""},
      {"CONTRAST REFUSED", ""},
      {"CT CHEST CONTRAST CONTRAINDICATED", "CT CHEST"},
      {"CT OHNE CONTRAST", ""},
      {"CT SANS CONTRAST", ""},
      {"造影 せず CT", ""},
      {"CT 造影ﾅｼ", ""},
      {"CT 0 CONTRAST", "CT"},
  });
}

TEST(CleanDescriptorMeaning, WhatWasRuledOutOrSuspectedIsNotFound) {
  expect({
      {"R/O FRACTURE", "R/O FRACTURE"},
      {"RULE OUT FRACTURE", "RULE OUT FRACTURE"},
      {"no evidence of fracture", "no evidence of fracture"},
      {"NEGATIVE FOR FRACTURE", "NEGATIVE FOR FRACTURE"},
      {"FRACTURE NOT EXCLUDED", "FRACTURE NOT EXCLUDED"},
      {"? FRACTURE", "? FRACTURE"},
      {"FRACTURE?", "FRACTURE?"},
      {"骨折疑い", "骨折疑い"},
      {"骨折 否定", "骨折 否定"},
      {"骨折 陰性", "骨折 陰性"},
      {"骨折(-)", "骨折(-)"},
      {"術前/術後", "術前 術後"},
      {"NO ACUTE THING OR FRACTURE", ""},
      {"FRACTURE ZEROED", ""},
      {"METASTASIS M0", ""},
      {"骨折は認めない", ""},
      {"骨折の疑い", ""},
      {"S/P SOMETHING CT", ""},
      {"NOT LEFT KNEE", "NOT LEFT KNEE"},
      {"NOT SMITH LEFT KNEE", ""},
  });
}

TEST(CleanDescriptorMeaning, ASideStaysWithWhatItIsTheSideOf) {
  expect({
      {"R-MLO", "R-MLO"},
      {"L-CC", "L-CC"},
      {"L KNEE MRI", "L KNEE MRI"},
      {"Ｌ KNEE MRI", "L KNEE MRI"},
      {"LT KNEE MRI", "LT KNEE MRI"},
      {"KNEE RT MRI", "KNEE RT MRI"},
      {"MRI KNEE L/R", "MRI KNEE L/R"},
      {"BILAT KNEES", "BILAT KNEES"},
      {"KNEES LEFT, FEMUR RIGHT", "KNEES LEFT, FEMUR RIGHT"},
      {"FEMUR（LEFT）／TIBIA", "FEMUR(LEFT)/TIBIA"},
      {"左膝 MRI", "左膝 MRI"},
      {"両側 膝関節", "両側 膝関節"},
      {"SMITH LEFT KNEE MRI", "LEFT KNEE MRI"},
      // Alone each of these words could be a name.
      {"L KNEE", ""},
      {"左膝", ""},
      {"手塚様 右膝", ""},
      // The side would move to another part, or go without its part.
      {"LEFT SMITH KNEES", ""},
      {"KNEES LEFT SMITH FEMUR", ""},
      {"FEMUR LEFT ACL", ""},
      {"SMITH L KNEES MRI", ""},
      {"左以外 山田 膝関節", ""},
      {"ﾐｷﾞ 膝関節", ""},
      {"みぎ 膝関節", ""},
      {"右田 膝関節", ""},
      {"LAO CORONARY", ""},
  });
}

TEST(CleanDescriptorMeaning, RangesComparisonsSignsAndOrdinalsGoAsAWhole) {
  expect({
      {"LESION <5 mm", "LESION <5 mm"},
      {"LESION > 3 cm", "LESION > 3 cm"},
      {"5 mm - 10 mm", "5 mm - 10 mm"},
      {"CT -5 mm", "CT -5 mm"},
      {"5TH METACARPAL", "5TH METACARPAL"},
      {"CHEST - ABDOMEN", "CHEST ABDOMEN"},
      {"5-10 mm", ""},
      {"5～10 mm", ""},
      {"5/10 mm", ""},
      {"1,5 mm", ""},
      {"LESION < SMITH", ""},
      {"第1腰椎", ""},
      {"SMITH 5TH METACARPAL", ""},
      {"CT 090-1234-5678", "CT"},
      {"CT +81-90-1234", "CT"},
      {"MR 12/05/1980", "MR"},
  });
}

TEST(CleanDescriptorMeaning, ACharacterSetThatCannotSayItTurnsNothing) {
  const auto cleaned = [](std::string_view text, std::string_view charset) {
    return cleaned_text(core::as_bytes(text), core::dicom::Vr::LO, charset);
  };
  EXPECT_EQ(cleaned("CONTRAST \xB1", "ISO_IR 100"), "CONTRAST \xB1");  // as it stood
  EXPECT_EQ(cleaned("CONTRAST  \xB1 ", "ISO_IR 100"), "");
  EXPECT_EQ(cleaned("\x8D\xB6 MRI  HEAD", "ISO 2022 IR 13\\ISO 2022 IR 87"), "");
}

// ---- all combinations
//
// The reading below knows nothing of how cleaning works: it says of a text which words for parts
// and findings it holds, with the side and the denial that a reader would take each to have.

constexpr std::array<std::string_view, 10> kHeads = {
    "CONTRAST", "FRACTURE", "FEMUR", "KNEE", "CT", "HEAD", "造影", "骨折", "膝", "胸部"};
constexpr std::array<std::string_view, 18> kDenials = {
    "W/O",  "WITHOUT", "NO", "NON",  "NOT",  "R/O",  "NEGATIVE FOR", "NO EVIDENCE OF", "?",
    "OHNE", "(-)",     "±",  "なし", "無し", "疑い", "未",           "除外",           "陰性"};
constexpr std::array<std::string_view, 12> kSides = {
    "LEFT", "RIGHT", "LT", "RT", "L", "R", "BILAT", "左", "右", "両側", "ﾋﾀﾞﾘ", "ミギ"};
constexpr std::array<std::string_view, 7> kSeparators = {" ", "-", " - ", "/", ", ", "_", ""};
constexpr std::array<std::string_view, 6> kNames = {"SMITH", "TANAKA", "山田", "ﾔﾏﾀﾞ", "XQ", "47"};

struct Reading {
  int denials = 0;
  std::map<std::string, int> sides;  ///< by their meaning
  std::map<std::string, int> heads;
  std::vector<std::pair<std::string, std::string>> pairs;  ///< side and the head next to it
};

std::string capitals(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return upper;
}

std::string meaning_of_side(std::string_view side) {
  if (side == "LEFT" || side == "LT" || side == "L" || side == "左" || side == "ﾋﾀﾞﾘ")
    return "left";
  return side == "BILAT" || side == "両側" ? "both" : "right";
}

/// The longest of the words that the text begins with.
template <std::size_t kSize>
std::string_view longest_at(std::string_view text,
                            const std::array<std::string_view, kSize>& words) {
  std::string_view found;
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (std::string_view word : words) {
    const bool runs_on =
        is_letter(word.back()) && text.size() > word.size() && is_letter(text[word.size()]);
    if (text.starts_with(word) && !runs_on && word.size() > found.size()) found = word;
  }
  return found;
}

Reading read(std::string_view original) {
  const std::string text = capitals(original);
  Reading reading;
  std::string side;
  std::string head;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const bool is_ascii = static_cast<unsigned char>(text[at]) < 0x80;
    const bool begins = at == 0 || !is_ascii || !(text[at - 1] >= 'A' && text[at - 1] <= 'Z');
    const auto denial = begins ? longest_at(rest, kDenials) : std::string_view{};
    const auto which = begins ? longest_at(rest, kSides) : std::string_view{};
    const auto what = begins ? longest_at(rest, kHeads) : std::string_view{};
    const std::size_t size = std::max({denial.size(), which.size(), what.size()});
    if (size == 0) {
      ++at;
      continue;
    }
    if (denial.size() == size) {
      ++reading.denials;
    } else if (which.size() == size) {
      side = meaning_of_side(which);
      ++reading.sides[side];
      if (!head.empty()) reading.pairs.emplace_back(side, head);
    } else {
      head = what;
      ++reading.heads[head];
      if (!side.empty()) reading.pairs.emplace_back(side, head);
    }
    at += size;
  }
  return reading;
}

/// Nothing for an answer that says no other thing than the text did.
std::optional<std::string> contrary(const std::string& before, const std::string& after) {
  const Reading was = read(before);
  const Reading is = read(after);
  const bool denies_what_there_was = is.denials != 0 && is.denials != was.denials;
  if (denies_what_there_was) return "another denial";
  for (const auto& [head, count] : is.heads) {
    const auto there = was.heads.find(head);
    if (there == was.heads.end() || there->second < count) return "a word that was not there";
    if (was.denials > 0 && is.denials == 0) return "no denial any more";
  }
  for (const auto& [side, count] : is.sides) {
    const auto there = was.sides.find(side);
    if (there == was.sides.end() || there->second != count) return "another side";
  }
  const bool lost_a_side = is.sides != was.sides && !is.heads.empty();
  if (lost_a_side) return "a side is lost";
  for (const auto& pair : is.pairs) {
    if (std::ranges::find(was.pairs, pair) == was.pairs.end()) return "the side of another part";
  }
  return std::nullopt;
}

void check(const std::string& before) {
  const std::string after = clean_descriptor(before);
  const auto wrong = contrary(before, after);
  ASSERT_FALSE(wrong) << *wrong << ": [" << before << "] became [" << after << "]";
  ASSERT_EQ(clean_descriptor(after), after) << "[" << before << "]";
  ASSERT_LE(after.size(), before.size()) << "[" << before << "]";
  for (std::string_view name : kNames) {
    ASSERT_EQ(capitals(after).find(name), std::string::npos) << "[" << before << "]";
  }
}

std::string in_case(std::string_view text, bool lower) {
  std::string changed(text);
  if (!lower) return changed;
  std::ranges::transform(changed, changed.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return changed;
}

std::string full_width(std::string_view ascii) {
  std::string wide;
  for (const char c : ascii) {
    if (c <= ' ' || static_cast<unsigned char>(c) >= 0x80) {
      wide += c;
      continue;
    }
    const auto code = static_cast<unsigned>(c) - 0x21U + 0xFF01U;
    wide += static_cast<char>(0xE0U | (code >> 12U));
    wide += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    wide += static_cast<char>(0x80U | (code & 0x3FU));
  }
  return wide;
}

/// In each order, with each separator, in capitals, small and full-width letters.
void check_all(std::vector<std::string_view> words) {
  std::ranges::sort(words);
  do {
    for (std::string_view separator : kSeparators) {
      std::string text;
      for (std::string_view word : words) {
        if (!text.empty()) text += separator;
        text += word;
      }
      for (const std::string& form : {text, in_case(text, true)}) {
        check(form);
        if (testing::Test::HasFatalFailure()) return;
      }
      const std::string wide = full_width(text);
      EXPECT_EQ(clean_descriptor(wide), clean_descriptor(text)) << text;
    }
  } while (std::ranges::next_permutation(words).found);
}

TEST(CleanDescriptorMeaning, NoCombinationOfWordsSaysTheContrary) {
  for (std::string_view head : kHeads) {
    for (std::string_view denial : kDenials) {
      check_all({denial, head});
      for (std::string_view name : kNames) check_all({denial, head, name});
      for (std::string_view other : {"CT", "FEMUR", "骨折"}) check_all({denial, head, other});
      ASSERT_FALSE(HasFatalFailure());
    }
    for (std::string_view side : kSides) {
      check_all({side, head});
      for (std::string_view name : kNames) check_all({side, head, name});
      for (std::string_view other : {"CT", "FEMUR", "膝"}) {
        check_all({side, head, other});
        check_all({side, head, other, "SMITH"});
      }
      for (std::string_view denial : {"NO", "なし", "R/O"}) check_all({side, head, denial});
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

TEST(CleanDescriptorMeaning, NoWordOfTheVocabularyLosesItsDenialOrItsSide) {
  const auto is_ascii = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  };
  std::size_t kept = 0;
  for (const auto heads : {descriptor_words_alone(), descriptor_words_beside()}) {
    for (std::string_view head : heads) {
      for (const auto words : {descriptor_turns(), descriptor_sides()}) {
        for (std::string_view word : words) {
          const std::string_view between = is_ascii(head) || is_ascii(word) ? " " : "";
          for (const auto& [first, second] : {std::pair(head, word), std::pair(word, head)}) {
            std::string text(first);
            (text += between) += second;
            const std::string after = clean_descriptor(text);
            ASSERT_TRUE(after.empty() || after == text) << text << ": " << after;
            const std::string beside_name = clean_descriptor(text + " Smith");
            ASSERT_TRUE(beside_name.empty() || beside_name == text) << text << ": " << beside_name;
            kept += after.empty() ? 0 : 1;
          }
        }
      }
    }
  }
  EXPECT_GT(kept, 100'000U);
}

TEST(CleanDescriptorMeaning, TellsNotWhichNameWentOut) {
  for (std::string_view head : kHeads) {
    for (std::string_view word : kDenials) {
      for (std::string_view separator : {" ", ", ", "_"}) {
        const auto with = [&](std::string_view name) {
          return clean_descriptor(std::string(word) + " " + std::string(head) +
                                  std::string(separator) + std::string(name));
        };
        EXPECT_EQ(with("SMITH"), with("TANAKA")) << word << ' ' << head;
        EXPECT_EQ(with("山田"), with("鈴木")) << word << ' ' << head;
      }
    }
  }
}

}  // namespace
}  // namespace sekisho::anonymization
