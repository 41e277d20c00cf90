// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routes.h"

#include <gtest/gtest.h>

#include <vector>

namespace sekisho::gateway {
namespace {

using http::Method;
using Path = std::vector<std::string>;

const std::string kId = "0123456789abcdef0123456789abcdef";

TEST(FindRoute, LeadsToOneShare) {
  const Found found =
      find_route(Method::get, Path{"shares", kId, "dicom-web", "studies", "2.25.1"});
  ASSERT_NE(found.route, nullptr);
  EXPECT_EQ(found.route->answer, answer_for_share);
  EXPECT_EQ(found.path["share"], kId);
  EXPECT_EQ(found.path.rest, (Path{"studies", "2.25.1"}));
}

TEST(FindRoute, LeadsToEverythingOfTheRecipient) {
  const Found found = find_route(Method::get, Path{"dicom-web", "studies"});
  ASSERT_NE(found.route, nullptr);
  EXPECT_EQ(found.route->answer, answer_for_recipient);
  EXPECT_EQ(found.path.rest, Path{"studies"});
}

TEST(FindRoute, AnswersHeadWhereItAnswersGet) {
  for (const Path& path :
       {Path{"dicom-web", "studies"}, Path{"receipts", "hospital.example", "log", "7"},
        Path{"audit", "checkpoint"}, Path{"shares", kId, "dicom-web"}}) {
    const Found got = find_route(Method::get, path);
    ASSERT_NE(got.route, nullptr);
    EXPECT_EQ(find_route(Method::head, path).route, got.route);
  }
}

TEST(FindRoute, TakesLargeBodiesForDicomWebAlone) {
  for (const Route& route : kRoutes) {
    EXPECT_EQ(route.judge_body != nullptr, route.method == Method::post) << route.pattern;
    if (route.method == Method::post && !route.pattern.ends_with("/dicom-web/{resource...}")) {
      EXPECT_EQ(route.body_bytes, kLargestForm_bytes) << route.pattern;
    }
  }
  EXPECT_EQ(find_route(Method::post, Path{"receipts", "hospital.example", "log", "7"}).route,
            nullptr);
  EXPECT_EQ(find_route(Method::post, Path{"audit", "checkpoint"}).route, nullptr);
}

TEST(FindRoute, KnowsWhichShareWasMeantWhereNothingIsDoneToIt) {
  const Found found = find_route(Method::other, Path{"shares", kId, "dicom-web", "studies"});
  EXPECT_EQ(found.route, nullptr);
  EXPECT_EQ(found.path["share"], kId);
}

TEST(FindRoute, LeadsNowhereElse) {
  for (const Path& path : {Path{""},
                           {"s"},
                           {"s", kId, "x"},
                           {"app"},
                           {"app", "x", "y"},
                           {"studies"},
                           {"Dicom-Web", "studies"},
                           {"shares"},
                           {"shares", kId},
                           {"shares", kId, "studies"},
                           {"receipts"},
                           {"system"},
                           {"instances", "x", "file"}}) {
    EXPECT_EQ(find_route(Method::get, path).route, nullptr);
  }
}

TEST(FindRoute, LeadsToThePageFromEveryLink) {
  for (const Path& path : {Path{}, {"s", kId}, {"i", kId}, {"r", kId}, {"s", "anything"}}) {
    const Found found = find_route(Method::get, path);
    ASSERT_NE(found.route, nullptr);
    EXPECT_EQ(found.route->answer, show_page);
  }
}

/// Nothing at the door is for strangers but signing in, asking how and leaving: another row that is
/// needs a test of its own.
TEST(Routes, AreForWhomTheDoorKnowsAllButThoseToSignIn) {
  for (const Route& route : kRoutes) {
    const bool is_for_strangers =
        route.pattern == "/out" || route.pattern.starts_with("/api/session/openid") ||
        (route.method == Method::post &&
         (route.pattern == "/api/session" || route.pattern == "/api/session/passkey" ||
          route.pattern == "/api/password/reset"));
    EXPECT_EQ(route.caller == Caller::anybody, is_for_strangers) << route.pattern;
  }
}

/// Other sites lead browsers to one place alone: where they come back from the identity provider.
TEST(Routes, AreForOurPagesAllButTheReturn) {
  for (const Route& route : kRoutes) {
    EXPECT_EQ(route.from == From::any_page, route.pattern == "/api/session/openid/return")
        << route.pattern;
  }
}

}  // namespace
}  // namespace sekisho::gateway
