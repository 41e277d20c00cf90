// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/cookie.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "http/request.h"

namespace sekisho::http {
namespace {

Request with_cookies(const std::vector<std::string>& fields) {
  Request request;
  for (const std::string& field : fields) request.fields.emplace_back("cookie", field);
  return request;
}

TEST(SetCookie, IsForThisHostOverTlsAndForNoScript) {
  EXPECT_EQ(SetCookie("__Host-sekisho", "abc_-123=").text(),
            "__Host-sekisho=abc_-123=; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(SetCookie("__Host-sekisho", "abc", std::chrono::minutes(30)).text(),
            "__Host-sekisho=abc; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1800");
}

TEST(SetCookie, ComesAlongWithArrivalsFromOtherSitesWhereItSaysSo) {
  EXPECT_EQ(SetCookie::for_arrivals("__Host-sekisho", "abc", std::chrono::minutes(10)).text(),
            "__Host-sekisho=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
  EXPECT_EQ(
      SetCookie::for_arrivals("__Host-a", "b&SameSite=Strict", std::chrono::seconds(1)).text(),
      "__Host-a=b&SameSite=Strict; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1");
  EXPECT_THROW(SetCookie::for_arrivals("a", "b", std::chrono::seconds(1)), std::invalid_argument);
}

TEST(SetCookie, MakesABrowserForget) {
  EXPECT_EQ(SetCookie::forgotten("__Host-sekisho").text(),
            "__Host-sekisho=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST(SetCookie, HasNoNameThatBrowsersDoNotGuard) {
  for (const char* name : {"", "sekisho", "__Secure-a", "__host-a", "__Host-", "__Host-a;b",
                           "__Host-a=b", "__Host-a b"}) {
    EXPECT_THROW(SetCookie(name, "x"), std::invalid_argument) << name;
  }
}

TEST(SetCookie, HasNoValueThatWouldEndIt) {
  for (const char* value : {"a;Domain=evil", "a b", "a,b", "\"a\"", "a\\b", "a\r\nb", "\xe5"}) {
    EXPECT_THROW(SetCookie("__Host-a", value), std::invalid_argument) << value;
  }
  EXPECT_THROW(SetCookie("__Host-a", "b", std::chrono::seconds(0)), std::invalid_argument);
}

TEST(CookieOf, IsFoundAmongOthers) {
  const Request request = with_cookies({"a=1; __Host-sekisho=abc=; b=2"});
  EXPECT_EQ(cookie_of(request, "__Host-sekisho"), "abc=");
  EXPECT_EQ(cookie_of(request, "b"), "2");
  EXPECT_EQ(cookie_of(with_cookies({"a=1", "b=2"}), "b"), "2");
  EXPECT_EQ(cookie_of(with_cookies({"a="}), "a"), "");
}

TEST(CookieOf, IsTheWholeNameAndCaseMatters) {
  const Request request =
      with_cookies({"x__Host-sekisho=1; __host-sekisho=2; __Host-sekishox=3; c"});
  EXPECT_EQ(cookie_of(request, "__Host-sekisho"), std::nullopt);
  EXPECT_EQ(cookie_of(request, "c"), std::nullopt);
  EXPECT_EQ(cookie_of(with_cookies({}), "c"), std::nullopt);
}

TEST(CookieOf, IsNobodysWhereTwoHaveItsName) {
  EXPECT_EQ(cookie_of(with_cookies({"a=1; a=2"}), "a"), std::nullopt);
  EXPECT_EQ(cookie_of(with_cookies({"a=1", "a=1"}), "a"), std::nullopt);
}

}  // namespace
}  // namespace sekisho::http
