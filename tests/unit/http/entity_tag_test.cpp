// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/entity_tag.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sekisho::http {
namespace {

using Strength = EntityTag::Strength;

TEST(EntityTag, IsWrittenWithItsQuotes) {
  EXPECT_EQ(EntityTag("a1").text(), "\"a1\"");
  EXPECT_EQ(EntityTag("a1", Strength::weak).text(), "W/\"a1\"");
  EXPECT_EQ(EntityTag("").text(), "\"\"");
}

TEST(EntityTag, HasNoCharacterThatWouldEndIt) {
  for (const char* opaque : {"a\"b", "a b", "a\r\nb", "\x7f"}) {
    EXPECT_THROW(EntityTag{opaque}, std::invalid_argument) << opaque;
  }
}

TEST(EntityTag, IsReadAsItIsWritten) {
  for (const char* text : {"\"a\"", "W/\"a\"", "\"\"", "\"a,b\"", "\"\xe5\xb1\xb1\""}) {
    const auto tag = EntityTag::parse(text);
    ASSERT_TRUE(tag) << text;
    EXPECT_EQ(tag->text(), text);
  }
  for (const char* text :
       {"", "a", "\"a", "a\"", "w/\"a\"", "W/a", "\"a\" ", "\"a\", \"b\"", "*"}) {
    EXPECT_FALSE(EntityTag::parse(text)) << text;
  }
}

TEST(EntityTag, IsComparedAsTheStandardsTableHasIt) {  // RFC 9110 §8.8.3.2
  const struct {
    EntityTag one;
    EntityTag other;
    bool strongly;
    bool weakly;
  } rows[] = {
      {EntityTag("1", Strength::weak), EntityTag("1", Strength::weak), false, true},
      {EntityTag("1", Strength::weak), EntityTag("2", Strength::weak), false, false},
      {EntityTag("1", Strength::weak), EntityTag("1"), false, true},
      {EntityTag("1"), EntityTag("1"), true, true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(row.one.is_strongly(row.other), row.strongly) << row.one.text() << row.other.text();
    EXPECT_EQ(row.one.is_weakly(row.other), row.weakly) << row.one.text() << row.other.text();
  }
}

TEST(Lists, FindsATagHoweverTheListIsWritten) {
  for (const char* field :
       {"\"a\"", "W/\"a\"", "\"b\",\"a\"", " \"b\" , W/\"a\" ", ",,\"a\",", "*", "\"b,\", \"a\""}) {
    EXPECT_TRUE(lists(field, EntityTag("a"))) << field;
  }
}

TEST(Lists, FindsNothingInWhatIsNoListOfTags) {
  for (const char* field : {"", "a", "\"b\"", "\"a", "\"a\" \"a\"", "\"a\";", "\"a\", *", "**",
                            "\"b,a\"", "\"a\", b"}) {
    EXPECT_FALSE(lists(field, EntityTag("a"))) << field;
  }
}

}  // namespace
}  // namespace sekisho::http
