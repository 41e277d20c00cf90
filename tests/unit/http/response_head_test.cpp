// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response_head.h"

#include <gtest/gtest.h>

#include <map>

namespace sekisho::http {
namespace {

/// Fields as a client reads them; the names as they were written.
using Fields = std::multimap<std::string, std::string>;

Fields fields_of(const Response& response) {
  const std::string head =
      response_head(response, "0123456789abcdef0123456789abcdef",
                    {AnswerFraming::Kind::length, response.text.size()}, Persistence::keep_alive,
                    core::Time(std::chrono::seconds(784'111'777)));
  Fields fields;
  for (std::size_t at = head.find("\r\n") + 2; head.compare(at, 2, "\r\n") != 0;) {
    const auto end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    fields.emplace(line.substr(0, line.find(": ")), line.substr(line.find(": ") + 2));
    at = end + 2;
  }
  return fields;
}

std::string field_of(const Response& response, const std::string& name) {
  const Fields fields = fields_of(response);
  return fields.count(name) == 1 ? fields.find(name)->second : std::string();
}

Response a_text() { return text_response(200, "text/plain", "hello"); }

TEST(Caching, IsForbiddenUnlessTheAnswerSaysOtherwise) {
  EXPECT_EQ(field_of(a_text(), "Cache-Control"), "no-store");
  EXPECT_EQ(field_of(error_response(404), "Cache-Control"), "no-store");
}

TEST(Caching, IsForTheBrowserAloneAndAsked) {
  Response response = a_text();
  response.caching = Caching::revalidate;
  response.tag = EntityTag("v1");
  EXPECT_EQ(field_of(response, "Cache-Control"), "private, no-cache");
  EXPECT_EQ(field_of(response, "ETag"), "\"v1\"");
}

TEST(Caching, WithoutATagThatCouldBeAskedAboutIsNone) {
  Response response = a_text();
  response.caching = Caching::revalidate;
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
}

TEST(Caching, OfWhatNeverChangesLastsAYear) {
  Response response = a_text();
  response.caching = Caching::immutable;
  EXPECT_EQ(field_of(response, "Cache-Control"), "private, max-age=31536000, immutable");
  response.status = 206;
  EXPECT_EQ(field_of(response, "Cache-Control"), "private, max-age=31536000, immutable");
}

TEST(Caching, KeepsNoErrorNoRedirectionAndNoCookie) {
  for (const int status : {201, 303, 400, 404, 503}) {
    Response response = a_text();
    response.caching = Caching::immutable;
    response.status = status;
    EXPECT_EQ(field_of(response, "Cache-Control"), "no-store") << status;
  }
  Response response = a_text();
  response.caching = Caching::immutable;
  response.cookies.emplace_back("__Host-sekisho", "secret");
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
}

TEST(ResponseHead, LetsNoHandlerContradictIt) {
  Response response = a_text();
  for (const char* name : {"content-length", "Transfer-Encoding", "CACHE-CONTROL", "Connection",
                           "Content-Type", "etag", "Set-Cookie", "location", "Content-Range",
                           "X-Content-Type-Options", "Content-Security-Policy"}) {
    response.headers.emplace_back(name, "theirs");
  }
  for (const auto& [name, value] : fields_of(response)) EXPECT_NE(value, "theirs") << name;
  EXPECT_EQ(field_of(response, "Content-Length"), "5");
}

TEST(ResponseHead, LetsNoValueBeginAnotherField) {
  Response response = a_text();
  response.content_type = "text/plain\r\nSet-Cookie: a=b";
  response.location = "/a\nX-A: b";
  response.headers.emplace_back("Warning", std::string("299 - \"a\r\n\r\nbody\0\"", 18));
  const Fields fields = fields_of(response);
  EXPECT_EQ(fields.count("Set-Cookie"), 0u);
  EXPECT_EQ(fields.count("X-A"), 0u);
  EXPECT_EQ(field_of(response, "Content-Type"), "text/plain  Set-Cookie: a=b");
  EXPECT_EQ(field_of(response, "Warning"), "299 - \"a    body \"");
}

TEST(ResponseHead, HoldsABrowserToWhatTheContentIs) {
  Response response = a_text();
  EXPECT_EQ(field_of(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(field_of(response, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(field_of(response, "Content-Security-Policy"),
            "default-src 'none'; frame-ancestors 'none'; sandbox");

  response.content = Content::page;
  const std::string page = field_of(response, "Content-Security-Policy");
  EXPECT_TRUE(page.starts_with("default-src 'none'; script-src 'self'; ")) << page;
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  EXPECT_EQ(field_of(response, "Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_NE(field_of(response, "Permissions-Policy"), "");

  response.content = Content::document;
  EXPECT_EQ(field_of(response, "Content-Security-Policy"), "sandbox; frame-ancestors 'self'");
}

TEST(ResponseHead, SetsEachCookieInAFieldOfItsOwn) {
  Response response = a_text();
  response.cookies.emplace_back("__Host-a", "1");
  response.cookies.push_back(SetCookie::forgotten("__Host-b"));
  EXPECT_EQ(fields_of(response).count("Set-Cookie"), 2u);
}

TEST(ResponseHead, SaysWhichPartItIs) {
  Response response = a_text();
  response.status = 206;
  response.range = ContentRange{ByteRange{0, 5}, 1234};
  EXPECT_EQ(field_of(response, "Content-Range"), "bytes 0-4/1234");
}

TEST(ResponseHead, SaysNoTypeOfWhatItDoesNotCarry) {
  Response response = a_text();
  response.status = 304;
  EXPECT_EQ(fields_of(response).count("Content-Type"), 0u);
  EXPECT_EQ(fields_of(see_other("/")).count("Content-Type"), 0u);
}

TEST(ResponseHead, HasAPhraseForEachStatusThatWeSend) {
  for (const int status :
       {200, 202, 206, 303, 304, 400, 404, 405, 406, 409, 413, 415, 416, 429, 431, 500, 503}) {
    const std::string head =
        response_head(error_response(status), "id", {}, Persistence::close, {});
    const std::string line = head.substr(0, head.find("\r\n"));
    EXPECT_GT(line.size(), std::string_view("HTTP/1.1 200 ").size()) << line;
  }
}

}  // namespace
}  // namespace sekisho::http
