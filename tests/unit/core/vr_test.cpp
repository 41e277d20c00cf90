// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/vr.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::core::dicom {
namespace {

std::string all_names_where(bool (*holds)(Vr)) {
  std::string names;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      const auto vr = parse_vr(first, second);
      if (vr && holds(*vr)) names += std::string(name(*vr)) + ' ';
    }
  }
  return names;
}

TEST(Vr, IsReadFromItsTwoLettersAndWrittenTheSame) {
  EXPECT_EQ(parse_vr('P', 'N'), Vr::PN);
  EXPECT_EQ(name(Vr::PN), "PN");
  EXPECT_EQ(all_names_where([](Vr) { return true; }),
            "AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI "
            "UL UN UR US UT UV ");
}

TEST(Vr, LettersOfNoEditionAreRefused) {
  EXPECT_FALSE(parse_vr('X', 'X'));
  EXPECT_FALSE(parse_vr('p', 'n'));
  EXPECT_FALSE(parse_vr(' ', ' '));
  EXPECT_FALSE(parse_vr('\0', '\0'));
  EXPECT_FALSE(parse_vr('P', '\xFF'));
}

TEST(Vr, LongLengthFieldsAreThoseOfTable711) {
  EXPECT_EQ(all_names_where(has_long_length), "OB OD OF OL OV OW SQ SV UC UN UR UT UV ");
}

TEST(Vr, CharacterSetMattersForThoseOfClause6122) {
  EXPECT_EQ(all_names_where(depends_on_character_set), "LO LT PN SH ST UC UT ");
}

TEST(Vr, TextIncludesUids) {
  EXPECT_EQ(all_names_where(is_text), "AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT ");
}

}  // namespace
}  // namespace sekisho::core::dicom
