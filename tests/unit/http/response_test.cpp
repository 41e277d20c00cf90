// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "http/request.h"

namespace sekisho::http {
namespace {

Request a_request(Method method, std::string if_none_match) {
  Request request;
  request.method = method;
  request.fields.emplace_back("if-none-match", std::move(if_none_match));
  return request;
}

Response a_tagged_text() {
  Response response = text_response(200, "text/css", "body{}");
  response.tag = EntityTag("v1");
  return response;
}

TEST(SeeOther, LeadsToAPathOfThisHost) {
  const Response response = see_other("/share/0123?from=link");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.location, "/share/0123?from=link");
  EXPECT_EQ(response.caching, Caching::no_store);
}

TEST(SeeOther, LeadsNowhereElse) {
  for (const char* path : {"", "share", "https://evil.example/", "//evil.example/",
                           "/\\evil.example/", "/a\r\nSet-Cookie: a=b", "/a b", "/\xe5\xb1\xb1"}) {
    EXPECT_THROW(see_other(path), std::invalid_argument) << path;
  }
}

TEST(UnlessKnown, SaysThatNothingWasModifiedToWhomHasIt) {
  for (const Method method : {Method::get, Method::head}) {
    const Response response = unless_known(a_tagged_text(), a_request(method, "\"v0\", \"v1\""));
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.text, "");
    EXPECT_TRUE(response.tag.has_value());
  }
}

TEST(UnlessKnown, LeavesEveryOtherAnswerAlone) {
  EXPECT_EQ(unless_known(a_tagged_text(), a_request(Method::get, "\"v0\"")).status, 200);
  EXPECT_EQ(unless_known(a_tagged_text(), a_request(Method::get, "")).status, 200);
  EXPECT_EQ(unless_known(a_tagged_text(), a_request(Method::post, "\"v1\"")).status, 200);
  EXPECT_EQ(unless_known(error_response(404), a_request(Method::get, "*")).status, 404);
  EXPECT_EQ(unless_known(text_response(200, "a/b", "c"), a_request(Method::get, "*")).status, 200);
}

TEST(ErrorResponse, SaysNothingOfTheRequest) {
  for (const int status : {400, 404, 406, 413, 415, 429, 500, 503}) {
    const Response response = error_response(status);
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_TRUE(response.text.starts_with("{\"Error\":\"")) << response.text;
    EXPECT_EQ(error_response(status).text, response.text);
  }
}

}  // namespace
}  // namespace sekisho::http
