// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/tag.h"

#include <gtest/gtest.h>

namespace sekisho::core::dicom {
namespace {

TEST(Tag, IsWrittenAsInDicomJson) {
  EXPECT_EQ((Tag{0x0010, 0x0020}).hex(), "00100020");
  EXPECT_EQ((Tag{0xFFFE, 0xE00D}).hex(), "FFFEE00D");
}

TEST(Tag, IsReadFromEitherCase) {
  EXPECT_EQ(Tag::parse_hex("7fe00010"), kPixelData);
  EXPECT_EQ(Tag::parse_hex("7FE00010"), kPixelData);
}

TEST(Tag, IsNotReadFromAnythingElse) {
  for (const char* text :
       {"", "0010001", "001000100", "0010,010", "0x100010", "-0100010", "0010001g", " 0100010"}) {
    EXPECT_FALSE(Tag::parse_hex(text)) << text;
  }
}

TEST(Tag, OddGroupsArePrivate) {
  EXPECT_TRUE((Tag{0x0029, 0x0010}).is_private());
  EXPECT_FALSE((Tag{0x0028, 0x0010}).is_private());
}

TEST(Tag, OrdersByGroupThenElement) {
  EXPECT_LT((Tag{0x0008, 0xFFFF}), (Tag{0x0010, 0x0000}));
  EXPECT_LT((Tag{0x0010, 0x0010}), (Tag{0x0010, 0x0020}));
}

}  // namespace
}  // namespace sekisho::core::dicom
