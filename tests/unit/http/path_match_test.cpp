// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/path_match.h"

#include <gtest/gtest.h>

namespace sekisho::http {
namespace {

using Path = std::vector<std::string>;

TEST(PathMatch, NamesWhatStandsForTheBraces) {
  const Path path = {"shares", "0123", "tokens", "4567"};
  const auto match = match_path("/shares/{share}/tokens/{token}", path);
  ASSERT_TRUE(match);
  EXPECT_EQ((*match)["share"], "0123");
  EXPECT_EQ((*match)["token"], "4567");
  EXPECT_EQ((*match)["other"], "");
  EXPECT_TRUE(match->rest.empty());
}

TEST(PathMatch, GivesTheRestWhereThePatternTakesAll) {
  const Path path = {"shares", "0123", "dicom-web", "studies", "2.25.1"};
  const auto match = match_path("/shares/{share}/dicom-web/{resource...}", path);
  ASSERT_TRUE(match);
  EXPECT_EQ((*match)["share"], "0123");
  EXPECT_EQ(match->rest, (Path{"studies", "2.25.1"}));
  const Path bare = {"shares", "0123", "dicom-web"};
  EXPECT_TRUE(match_path("/shares/{share}/dicom-web/{resource...}", bare));
}

TEST(PathMatch, IsOfTheWholePathLetterByLetter) {
  const struct {
    std::string_view pattern;
    Path path;
  } others[] = {
      {"/studies", {}},
      {"/studies", {"studies", "1"}},
      {"/studies/{study}", {"studies"}},
      {"/studies/{study}", {"studies", "1", "series"}},
      {"/studies", {"Studies"}},
      {"/studies", {"studie"}},
      {"/studies", {"studies/"}},
      {"/a/{b...}", {}},
      {"/a/{b...}", {"b"}},
  };
  for (const auto& [pattern, path] : others) EXPECT_FALSE(match_path(pattern, path)) << pattern;
}

TEST(PathMatch, OfTheRootIsOfNoSegment) {
  EXPECT_TRUE(match_path("/", {}));
  EXPECT_FALSE(match_path("/", Path{"a"}));
}

TEST(PathMatch, TakesABraceInAPathForALetter) {
  EXPECT_FALSE(match_path("/studies", Path{"{study}"}));
  EXPECT_TRUE(match_path("/studies/{study}", Path{"studies", "{study}"}));
}

static_assert(is_pattern("/"));
static_assert(is_pattern("/studies"));
static_assert(is_pattern("/studies/{study}/series"));
static_assert(is_pattern("/audit/{file...}"));
static_assert(!is_pattern(""));
static_assert(!is_pattern("studies"));
static_assert(!is_pattern("/studies/"));
static_assert(!is_pattern("//studies"));
static_assert(!is_pattern("/{}"));
static_assert(!is_pattern("/{...}"));
static_assert(!is_pattern("/{study"));
static_assert(!is_pattern("/study}"));
static_assert(!is_pattern("/a{study}"));
static_assert(!is_pattern("/{all...}/more"));

}  // namespace
}  // namespace sekisho::http
