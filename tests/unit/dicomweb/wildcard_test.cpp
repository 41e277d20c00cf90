// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/wildcard.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sekisho::dicomweb {
namespace {

constexpr std::size_t kLongText = 400'000;

/// What the standard says, word for word, of texts in ASCII.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return matches_by_definition(pattern.substr(1), text) ||
           (!text.empty() && matches_by_definition(pattern, text.substr(1)));
  }
  if (text.empty() || (pattern.front() != '?' && pattern.front() != text.front())) return false;
  return matches_by_definition(pattern.substr(1), text.substr(1));
}

std::string one_of(std::mt19937& random, std::string_view letters, std::size_t most) {
  std::string text(random() % (most + 1), ' ');
  for (char& each : text) each = letters[random() % letters.size()];
  return text;
}

/// At the rate of a megabyte in some milliseconds.
void expect_linear(const std::string& pattern, const std::string& text) {
  const auto outcome = Wildcard(pattern).match(text);
  const std::uint64_t words = pattern.size() / 64 + 1;
  EXPECT_LE(outcome.steps, (text.size() + pattern.size()) * words) << pattern.substr(0, 40);
}

TEST(Wildcard, MatchesWhatTheStandardSays) {
  std::mt19937 random(20'261'129);
  int hits = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string pattern = one_of(random, "ab?*", 8);
    const std::string text = one_of(random, "ab", 10);
    const bool expected = matches_by_definition(pattern, text);
    ASSERT_EQ(Wildcard(pattern).matches(text), expected) << pattern << " / " << text;
    hits += expected ? 1 : 0;
  }
  EXPECT_GT(hits, 1000);
}

TEST(Wildcard, MatchesPiecesOfMoreThanOneWordOfBits) {
  const std::string piece(63, 'a');
  EXPECT_TRUE(Wildcard("*" + piece + "bc?d*").matches("a" + piece + "bc_d"));
  EXPECT_FALSE(Wildcard("*" + piece + "bc?d*").matches(piece.substr(1) + "bc_d"));
  EXPECT_TRUE(Wildcard("*" + piece + piece + "b*").matches(piece + piece + piece + "b"));
  EXPECT_FALSE(Wildcard("*" + piece + piece + "b*").matches(piece + "x" + piece + "b"));
}

TEST(Wildcard, TakesAPlusForASpaceWhereAskedTo) {
  const auto matches = [](std::string_view pattern, std::string_view text) {
    const bool literal = Wildcard(pattern).matches(text);
    EXPECT_EQ(literal, matches_by_definition(pattern, text)) << pattern << " / " << text;
    return Wildcard(pattern, Wildcard::Plus::or_space).matches(text);
  };
  for (const char* pattern : {"A+B+C", "*+B+*", "A+*", "*+C", "*B+C*", "?+B?C"}) {
    for (const char* text : {"A B C", "A+B+C", "A+B C", "A B+C"}) {
      EXPECT_TRUE(matches(pattern, text)) << pattern << " / " << text;
    }
    EXPECT_FALSE(matches(pattern, "A-B-D")) << pattern;
  }
  EXPECT_FALSE(matches("A B", "A+B")) << "a space is one";
  EXPECT_FALSE(matches("*A B*", "A+B"));
}

TEST(Wildcard, TakesAQuestionMarkForOneCharacterOfAnyWidth) {
  EXPECT_TRUE(Wildcard("*田?*").matches("山田太郎"));
  EXPECT_FALSE(Wildcard("*郎?*").matches("山田太郎"));
  EXPECT_TRUE(Wildcard("*?😀").matches("é😀"));
  EXPECT_FALSE(Wildcard("*??😀").matches("é😀"));
}

TEST(Wildcard, TakesTextThatIsNoUtf8AsItIs) {
  EXPECT_TRUE(Wildcard("*\xFF*").matches("a\xFF\x80\x80\x80\x80\x80"));
  EXPECT_TRUE(Wildcard("\x80*").matches("\x80\x80"));
  EXPECT_FALSE(Wildcard("*\xC3").matches("\xC3\xA9"));
}

TEST(Wildcard, HostilePatternsTakeAStepForEachCharacterOfALongText) {
  const std::string same(kLongText, 'a');
  expect_linear("*" + std::string(1000, 'a') + "b*", same);
  expect_linear("*" + std::string(500, '?') + "b", same);
  expect_linear("*" + std::string(500, '?') + "b*", same);
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "*a";
  expect_linear(stars + "*b*", same);
  expect_linear(stars + "b", same);
  std::string alternating;
  for (int i = 0; i < 250; ++i) alternating += "*a?a?b";
  expect_linear(alternating + "*", same);
}

}  // namespace
}  // namespace sekisho::dicomweb
