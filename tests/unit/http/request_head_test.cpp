// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::http {
namespace {

Request request_of(std::string_view head) {
  auto parsed = parse_request(head);
  const auto* refusal = std::get_if<Refusal>(&parsed);
  if (refusal != nullptr) {
    ADD_FAILURE() << refusal->reason;
    return {};
  }
  return std::get<Request>(std::move(parsed));
}

std::string get_with(std::string_view fields) {
  return "GET /dicom-web/studies HTTP/1.1\r\nHost: g.test\r\n" + std::string(fields) + "\r\n";
}

TEST(RequestHead, HasNoMoreThanAHundredFields) {
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "X-A: b\r\n";
  EXPECT_EQ(request_of(get_with(fields)).fields.size(), 100u);
  const auto parsed = parse_request(get_with(fields + "X-A: b\r\n"));
  ASSERT_TRUE(std::holds_alternative<Refusal>(parsed));
  EXPECT_EQ(std::get<Refusal>(parsed).status, 431);
}

TEST(RequestHead, GivesTheRequestAsItWasSent) {
  const Request request = request_of(
      "HEAD /dicom-web/studies?00100020=A%2AB HTTP/1.1\r\nHost: g\r\naCCept: a/b\r\n"
      "Accept:  c/d \r\n\r\n");
  EXPECT_EQ(request.method, Method::head);
  EXPECT_EQ(request.target, "/dicom-web/studies?00100020=A%2AB");
  EXPECT_EQ(request.field("accept"), "a/b, c/d");
  EXPECT_EQ(request.field("x-none"), "");
}

TEST(RequestHead, KeepsTheConnectionOnlyWhereBothSidesKnowWhereTheRequestEnds) {
  EXPECT_EQ(request_of(get_with("")).persistence, Persistence::keep_alive);
  EXPECT_EQ(request_of(get_with("Connection: close\r\n")).persistence, Persistence::close);
  EXPECT_EQ(request_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").persistence,
            Persistence::close);
  EXPECT_EQ(request_of("PUT / HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\n").persistence,
            Persistence::close);
  EXPECT_EQ(
      request_of("PUT / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n").persistence,
      Persistence::close);
  EXPECT_EQ(request_of("POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n").persistence,
            Persistence::keep_alive);
}

TEST(RequestHead, HasMethodsThatAreCaseSensitive) {
  EXPECT_EQ(request_of("get / HTTP/1.1\r\nHost: g\r\n\r\n").method, Method::other);
  EXPECT_EQ(request_of("BREW / HTTP/1.1\r\nHost: g\r\n\r\n").method, Method::other);
}

TEST(HeadScanner, FindsTheEndHoweverTheBytesArrive) {
  const std::string first = get_with("X-A: b\r\n");
  const std::string stream = first + "GET /next";
  HeadScanner scanner;
  for (std::size_t size = 1; size < first.size(); ++size) {
    ASSERT_EQ(scanner.scan(std::string_view(stream).substr(0, size)),
              HeadScanner::State::incomplete);
  }
  EXPECT_EQ(scanner.scan(stream), HeadScanner::State::complete);
  EXPECT_EQ(scanner.head_bytes(), first.size());
}

TEST(HeadScanner, RefusesAtTheFirstWrongByteAndNotAtTheEnd) {
  HeadScanner scanner;
  EXPECT_EQ(scanner.scan("GET / HTTP/1.1\n"), HeadScanner::State::malformed);
  scanner.restart();
  EXPECT_EQ(scanner.scan("\x16"), HeadScanner::State::malformed);
  scanner.restart();
  EXPECT_EQ(scanner.scan("GET / HTTP/1.1\r"), HeadScanner::State::incomplete);
  EXPECT_EQ(scanner.scan("GET / HTTP/1.1\rX"), HeadScanner::State::malformed);
}

TEST(HeadScanner, LeavesAnEmptyLineBeforeTheHeadOut) {
  const std::string head = get_with("");
  for (const std::string before : {"", "\r\n"}) {
    HeadScanner scanner;
    ASSERT_EQ(scanner.scan(before), HeadScanner::State::incomplete);
    EXPECT_EQ(scanner.scan(before + head), HeadScanner::State::complete);
    EXPECT_EQ(scanner.head_begin(), before.size());
    EXPECT_EQ(scanner.head_bytes(), before.size() + head.size());
  }
}

}  // namespace
}  // namespace sekisho::http
