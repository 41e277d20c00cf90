// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/routes.h"

#include <gtest/gtest.h>

#include <vector>

namespace sekisho::dicomweb {
namespace {

std::optional<Matched> route(const std::vector<std::string>& path) {
  return match_route(path, Verb::get);
}

TEST(Routes, EveryPatternIsReachedByItsOwnPathAlone) {
  for (const Route& row : kRoutes) {
    std::vector<std::string> path;
    for (std::size_t begin = 1; begin <= row.pattern.size();) {
      const std::size_t end = std::min(row.pattern.find('/', begin), row.pattern.size());
      const std::string_view piece = row.pattern.substr(begin, end - begin);
      path.emplace_back(piece.front() == '{' ? "1.2" : piece);
      begin = end + 1;
    }
    const auto matched = route(path);
    ASSERT_TRUE(matched) << row.pattern;
    EXPECT_EQ(matched->route->pattern, row.pattern);
  }
}

TEST(Routes, TellTheUidsOfThePath) {
  const auto matched = route({"studies", "1.1", "series", "2.2", "instances", "3.3", "metadata"});
  ASSERT_TRUE(matched);
  EXPECT_EQ(matched->route->needed, Needed::to_look);
  EXPECT_EQ(matched->route->level, Level::instance);
  EXPECT_EQ(matched->path.study.text(), "1.1");
  EXPECT_EQ(matched->path.series.text(), "2.2");
  EXPECT_EQ(matched->path.instance.text(), "3.3");
}

TEST(Routes, NativePixelsAreForThoseWhoMayFetch) {
  const auto matched =
      route({"studies", "1.1", "series", "2.2", "instances", "3.3", "frames", "1,2"});
  ASSERT_TRUE(matched);
  EXPECT_EQ(matched->route->needed, Needed::to_fetch);
  EXPECT_EQ(matched->frames, "1,2");
}

TEST(Routes, WhatIsNotListedIsNoRoute) {
  const std::vector<std::vector<std::string>> paths = {
      {},
      {"patients"},
      {"studies", "not a uid"},
      {"studies", ""},
      {"studies", "1.2", "instances", "1.3"},
      {"studies", "1.2", "frames"},
      {"studies", "1.2", "metadata", "1"},
      {"series", "1.2"},
      {"Studies"},
      {"studies", "1.2", "series", "1.3", "frames", "1"},
      {"studies", "1.2", "series", "1.3", "instances", "1.4", "frames"},
      {"studies", "1.2/metadata"},
  };
  for (const auto& path : paths) EXPECT_FALSE(route(path)) << path.size();
}

}  // namespace
}  // namespace sekisho::dicomweb
