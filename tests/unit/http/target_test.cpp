// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/target.h"

#include <gtest/gtest.h>

namespace sekisho::http {
namespace {

using Path = std::vector<std::string>;
using Query = std::vector<std::pair<std::string, std::string>>;

TEST(ParseTarget, TakesPathAndQueryApart) {
  const auto target = parse_target("/studies/2.25.1/series?limit=3&offset=4&limit=5");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, (Path{"studies", "2.25.1", "series"}));
  EXPECT_EQ(target->query, (Query{{"limit", "3"}, {"offset", "4"}, {"limit", "5"}}));
}

TEST(ParseTarget, DropsEmptyAndDotSegments) {
  for (const char* text : {"/studies/1", "//studies//1/", "/./studies/./1", "/studies/%2e/1//"}) {
    const auto target = parse_target(text);
    ASSERT_TRUE(target) << text;
    EXPECT_EQ(target->path, (Path{"studies", "1"})) << text;
  }
}

TEST(ParseTarget, RefusesToClimbInAnySpelling) {
  for (const char* text : {"/studies/../x", "/..", "/%2e%2e/x", "/.%2E/x", "/a%2f..%2fb", "/a%5c..",
                           "/..%2fx", "/..%5Cx"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
  EXPECT_TRUE(parse_target("/a..b/..."));
}

TEST(ParseTarget, RefusesBadEscapesAndNul) {
  for (const char* text : {"/%", "/%4", "/%zz", "/a%00b", "/a?x=%", "/a?x=%0g", "/a?%00=1"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(ParseTarget, RefusesWhatIsNoAbsolutePath) {
  for (const char* text : {"", "studies", "*", "?x=1"}) EXPECT_FALSE(parse_target(text)) << text;
}

TEST(ParseTarget, DecodesEscapesOnceInPathAndQuery) {
  const auto target = parse_target("/a%20b/%2541?Patient%4eame=%E5%B1%B1%2A&x=%2526");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, (Path{"a b", "%41"}));
  EXPECT_EQ(target->query, (Query{{"PatientName", "山*"}, {"x", "%26"}}));
}

TEST(ParseTarget, KeepsAPlusAsItIs) {
  const auto target = parse_target("/studies?accept=application/dicom+json");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query, (Query{{"accept", "application/dicom+json"}}));
}

TEST(ParseTarget, ReadsParametersWithoutValueAndSkipsEmptyOnes) {
  const auto target = parse_target("/studies?&PatientName&&x=&y=a=b&");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query, (Query{{"PatientName", ""}, {"x", ""}, {"y", "a=b"}}));
}

TEST(ParseTarget, TakesTheQueryFromTheFirstQuestionMark) {
  const auto target = parse_target("/studies?x=a?b/../c");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query, (Query{{"x", "a?b/../c"}}));
}

}  // namespace
}  // namespace sekisho::http
