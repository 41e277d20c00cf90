// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/canonical_json.h"

#include <gtest/gtest.h>

#include "audit/verify/multiset_sum.h"
#include "core/utf8.h"

namespace sekisho::audit {
namespace {

std::string written(std::string_view value, std::size_t limit = kMaxJsonText) {
  std::string out;
  append_text(out, value, limit);
  return out;
}

std::optional<std::string> read(std::string_view json) {
  CanonicalReader in(json);
  std::string text = in.decoded_text();
  if (in.failed() || !in.at_end()) return std::nullopt;
  return text;
}

TEST(CanonicalText, EscapesAsRfc8785Does) {
  EXPECT_EQ(written("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(written("\b\t\n\f\r"), R"("\b\t\n\f\r")");
  EXPECT_EQ(written(std::string_view("\0\x01\x1F", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(written("\x7F山田"), "\"\x7F山田\"");
}

TEST(CanonicalText, ReplacesWhatIsNotUtf8) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(written("a\xFFz"), "\"a" + mark + "z\"");
  EXPECT_EQ(written("\xC0\x80"), "\"" + mark + mark + "\"");             // overlong
  EXPECT_EQ(written("\xED\xA0\x80"), "\"" + mark + mark + mark + "\"");  // surrogate
  EXPECT_EQ(written("\xE5\xB1"), "\"" + mark + mark + "\"");             // cut short
  EXPECT_EQ(written("\xF4\x90\x80\x80"), "\"" + mark + mark + mark + mark + "\"");
}

TEST(CanonicalText, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(written("abcdef", 6), "\"abcdef\"");
  EXPECT_EQ(written("abcdefg", 6), "\"abc…\"");
  EXPECT_EQ(written("山田太郎", 12), "\"山田太郎\"");
  EXPECT_EQ(written("山田太郎", 11), "\"山田…\"");
  EXPECT_EQ(written("a\n\n\n", 6), "\"a\\n…\"");  // never inside an escape
}

TEST(CanonicalText, NeverExceedsItsLimit) {
  std::string wild;
  for (int i = 0; i < 300; ++i) wild += static_cast<char>(i * 37);
  for (std::size_t limit = 3; limit < 400; ++limit) {
    const std::string json = written(wild, limit);
    ASSERT_LE(json.size() - 2, limit);
    ASSERT_TRUE(read(json)) << json;
  }
}

TEST(CanonicalReader, ReadsWhatWasWritten) {
  std::string all;
  for (int c = 0; c < 0x80; ++c) all += static_cast<char>(c);
  all += "山田\xF0\x9F\x98\x80";
  EXPECT_EQ(read(written(all)), all);
}

TEST(CanonicalReader, RefusesOtherSpellingsOfTheSameText) {
  for (const char* bad : {R"("\/")", R"("\u0041")", R"("\u000A")", R"("\u000a")", R"("\u001F")",
                          R"("\u0022")", R"("\u5c71")", R"("\x41")", "\"\n\"", "\"\xFF\"", "\"a",
                          "a", "", "\"\\", "\"\\u00", "\"a\" "}) {
    EXPECT_FALSE(read(bad)) << bad;
  }
}

TEST(CanonicalReader, ReadsWholeNumbersInOneSpelling) {
  for (const auto& [json, value] :
       {std::pair{"0", std::uint64_t{0}}, {"10", 10}, {"9007199254740991", kMaxJsonNumber}}) {
    CanonicalReader in(json);
    EXPECT_EQ(in.number(), value);
    EXPECT_FALSE(in.failed());
  }
  for (const char* bad :
       {"", "-1", "01", "00", "+1", " 1", "9007199254740992", "99999999999999999999", "x"}) {
    CanonicalReader in(bad);
    in.number();
    EXPECT_TRUE(in.failed()) << bad;
  }
}

TEST(CanonicalReader, RefusesEverythingAfterAFailure) {
  CanonicalReader in(R"("a":1)");
  in.expect("x");
  EXPECT_FALSE(in.take("\"a\""));
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.failed());
}

TEST(ObjectWriter, LeavesOutWhatIsAbsent) {
  std::string json;
  ObjectWriter object(json);
  object.text("a", "", 10);
  object.number("b", std::nullopt);
  object.number("c", 5);
  object.text("d", "x", 10);
  object.close();
  EXPECT_EQ(json, R"({"c":5,"d":"x"})");
}

TEST(ObjectWriter, KeepsNumbersWithinWhatJsonCarries) {
  std::string json;
  ObjectWriter object(json);
  object.number("n", ~std::uint64_t{0});
  object.close();
  EXPECT_EQ(json, R"({"n":9007199254740991})");
}

TEST(SipHash, GivesTheValueOfItsPaper) {
  // Aumasson and Bernstein 2012, appendix A: key 00..0f, message 00..0e.
  const SipKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  core::Bytes message;
  for (core::Byte i = 0; i < 15; ++i) message.push_back(i);
  EXPECT_EQ(siphash(key, message), 0xa129ca6149be45e5);
}

TEST(MultisetSum, ForgetsTheOrderAndNothingElse) {
  const SipKey key = random_sip_key();
  const core::Bytes a{1};
  const core::Bytes b{2};
  const auto sum = [&](std::initializer_list<core::Bytes> rows) {
    MultisetSum result(key);
    for (const core::Bytes& row : rows) result.add(row);
    return result;
  };
  EXPECT_EQ(sum({a, b}), sum({b, a}));
  EXPECT_FALSE(sum({a, b}) == sum({a, a}));
  EXPECT_FALSE(sum({a}) == sum({a, a}));
}

}  // namespace
}  // namespace sekisho::audit
