// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "http/request.h"
#include "unit/http/bodies.h"

namespace sekisho::http {
namespace {

using tests::BodyOutcome;
using tests::ScriptedBody;
using Fields = std::vector<std::pair<std::string, std::string>>;

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

Response a_tagged_body(BodyOutcome& outcome) {
  Response response = text_response(200, "image/jphc", "");
  response.tag = EntityTag("v1");
  response.body = std::make_unique<ScriptedBody>(outcome, "0123456789");
  response.size_bytes = 10;
  return response;
}

Request asking_for(std::string_view range) {
  Request request;
  request.method = Method::get;
  if (!range.empty()) request.fields.emplace_back("range", range);
  return request;
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

TEST(UnlessKnown, LetsGoOfABodyThatIsNotSent) {
  BodyOutcome outcome;
  const Response response = unless_known(a_tagged_body(outcome), a_request(Method::get, "\"v1\""));
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, nullptr);
  EXPECT_EQ(response.size_bytes, std::nullopt);
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{true, 0, 0, true}));
}

// RFC 9110 §15.3.7.
TEST(InRange, GivesWhatIsAskedForOfABody) {
  BodyOutcome outcome;
  Response response = in_range(a_tagged_body(outcome), asking_for("bytes=2-4"));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.range->text(), "bytes 2-4/10");
  EXPECT_EQ(response.size_bytes, 3U);
  EXPECT_EQ(response.tag->text(), "\"v1\"");
  EXPECT_EQ(response.content_type, "image/jphc");
  core::Bytes bytes(3);
  EXPECT_EQ(response.body->read(bytes), 3U);
  EXPECT_EQ(core::as_text(bytes), "234");
}

// RFC 9110 §15.5.17.
TEST(InRange, RefusesWhatIsNotThereAndLetsGoOfTheBody) {
  BodyOutcome outcome;
  Response response = a_tagged_body(outcome);
  response.headers.emplace_back("Sekisho-Receipt", "log#7");
  response = in_range(std::move(response), asking_for("bytes=10-"));
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.range->text(), "bytes */10");
  EXPECT_EQ(response.headers.front().second, "log#7");
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.tag, std::nullopt);
  EXPECT_EQ(response.body, nullptr);
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{true, 0, 0, true}));
}

TEST(InRange, SaysThatThereAreRangesAndElseLeavesTheWholeAlone) {
  for (const char* field : {"", "bytes=0-0,2-3", "items=0-1"}) {
    BodyOutcome outcome;
    const Response response = in_range(a_tagged_body(outcome), asking_for(field));
    EXPECT_EQ(response.status, 200) << field;
    EXPECT_EQ(response.size_bytes, 10U);
    EXPECT_EQ(response.headers, (Fields{{"Accept-Ranges", "bytes"}}));
    EXPECT_EQ(outcome.times(), 0);
  }
}

TEST(InRange, IsNotForWhatHasNoTagNoLengthOrAnotherStatus) {
  BodyOutcome outcome;
  for (const auto& spoil : std::initializer_list<void (*)(Response&)>{
           [](Response& response) { response.tag.reset(); },
           [](Response& response) { response.size_bytes.reset(); },
           [](Response& response) { response.status = 206; },
       }) {
    Response response = a_tagged_body(outcome);
    spoil(response);
    response = in_range(std::move(response), asking_for("bytes=2-4"));
    EXPECT_EQ(response.range, std::nullopt);
    EXPECT_TRUE(response.headers.empty());
  }
  EXPECT_EQ(in_range(a_tagged_text(), asking_for("bytes=2-4")).status, 200);
}

TEST(Body, ThatEndsTooEarlyCannotBeSkipped) {
  BodyOutcome outcome;
  ScriptedBody body(outcome, std::string(100'000, 'x'));
  body.skip(99'999);
  core::Bytes bytes(10);
  EXPECT_EQ(body.read(bytes), 1U);
  ScriptedBody short_one(outcome, "0123");
  EXPECT_THROW(short_one.skip(5), std::runtime_error);
}

TEST(ErrorResponse, SaysNothingOfTheRequest) {
  for (const int status : {400, 404, 406, 413, 415, 416, 429, 500, 503}) {
    const Response response = error_response(status);
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_TRUE(response.text.starts_with("{\"Error\":\"")) << response.text;
    EXPECT_EQ(error_response(status).text, response.text);
  }
}

}  // namespace
}  // namespace sekisho::http
