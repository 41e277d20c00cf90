// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::http {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// What a whole request head comes to: the scanner's verdict first, as on a connection.
int status_of(std::string_view head) {
  HeadScanner scanner;
  const auto state = scanner.scan(head);
  if (state == HeadScanner::State::malformed) return 400;
  if (state == HeadScanner::State::incomplete) return 0;
  const auto parsed = parse_request(head.substr(0, scanner.head_bytes()));
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? 200 : refusal->status;
}

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

TEST(RequestHead, RefuseEveryShapeThatAProxyCouldReadDifferently) {
  const struct {
    std::string_view what;
    std::string head;
  } shapes[] = {
      {"no host", "GET / HTTP/1.1\r\n\r\n"},
      {"two hosts", get_with("Host: other\r\n")},
      {"the same host twice", get_with("host: g.test\r\n")},
      {"an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
      {"a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"a host with user information", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"},
      {"two hosts in one field", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
      {"two authorizations", get_with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n")},
      {"length and coding", get_with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")},
      {"coding and length", get_with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")},
      {"two lengths", get_with("Content-Length: 0\r\nContent-Length: 0\r\n")},
      {"a list of lengths", get_with("Content-Length: 0, 0\r\n")},
      {"a signed length", get_with("Content-Length: +0\r\n")},
      {"a negative length", get_with("Content-Length: -1\r\n")},
      {"a length of letters", get_with("Content-Length: zero\r\n")},
      {"a hexadecimal length", get_with("Content-Length: 0x0\r\n")},
      {"an empty length", get_with("Content-Length:\r\n")},
      {"a length beyond 64 bits", get_with("Content-Length: 99999999999999999999\r\n")},
      {"a body on GET", get_with("Content-Length: 4\r\n")},
      {"a chunked body on GET", get_with("Transfer-Encoding: chunked\r\n")},
      {"an unknown coding", get_with("Transfer-Encoding: rot13\r\n")},
      {"identity", get_with("Transfer-Encoding: identity\r\n")},
      {"chunked twice", get_with("Transfer-Encoding: chunked, chunked\r\n")},
      {"two codings", get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"chunked in disguise", get_with("Transfer-Encoding: \x0b"s + "chunked\r\n")},
      {"chunked quoted", get_with("Transfer-Encoding: \"chunked\"\r\n")},
      {"chunked in 1.0", "POST / HTTP/1.0\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"an unknown coding on POST",
       "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: xchunked\r\n\r\n"},
      {"a folded field", get_with("X-A: one\r\n two\r\n")},
      {"a field folded by a tab", get_with("X-A: one\r\n\ttwo\r\n")},
      {"a folded first field", "GET / HTTP/1.1\r\n Host: g\r\n\r\n"},
      {"a space before the colon", get_with("X-A : one\r\n")},
      {"a tab before the colon", get_with("X-A\t: one\r\n")},
      {"no name", get_with(": one\r\n")},
      {"no colon", get_with("nonsense\r\n")},
      {"a name with a quote", get_with("X\"A: one\r\n")},
      {"NUL in a value", get_with("X-A: o\0ne\r\n"sv)},
      {"NUL in a name", get_with("X\0A: one\r\n"sv)},
      {"a control character in a value", get_with("X-A: o\x01ne\r\n")},
      {"DEL in a value", get_with("X-A: o\x7fne\r\n")},
      {"a lone CR in a value", get_with("X-A: one\rX-B: two\r\n")},
      {"CR CR LF", get_with("X-A: one\r\r\n")},
      {"a lone LF in a value", get_with("X-A: one\nX-B: two\r\n")},
      {"lines ended by LF", "GET / HTTP/1.1\nHost: g\n\n"},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"a space in the target", "GET /a b HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"a space at the end", "GET / HTTP/1.1 \r\nHost: g\r\n\r\n"},
      {"a space at the beginning", " GET / HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"no version", "GET /\r\nHost: g\r\n\r\n"},
      {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: g\r\n\r\n"},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: g\r\n\r\n"},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: g\r\n\r\n"},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: g\r\n\r\n"},
      {"a lower-case version", "GET / http/1.1\r\nHost: g\r\n\r\n"},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"absolute-form", "GET https://g.test/dicom-web/studies HTTP/1.1\r\nHost: g.test\r\n\r\n"},
      {"authority-form", "CONNECT g.test:443 HTTP/1.1\r\nHost: g.test\r\n\r\n"},
      {"asterisk-form", "OPTIONS * HTTP/1.1\r\nHost: g.test\r\n\r\n"},
      {"a fragment", "GET /a#b HTTP/1.1\r\nHost: g.test\r\n\r\n"},
      {"a target of 9000 characters",
       "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"no method", " / HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"a method that is no token", "G(T / HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"a TLS ClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s},
  };
  for (const auto& shape : shapes) EXPECT_EQ(status_of(shape.head), 400) << shape.what;
}

TEST(RequestHead, AcceptWhatRealClientsSend) {
  const struct {
    std::string_view what;
    std::string head;
  } shapes[] = {
      {"the plainest request", get_with("")},
      {"an empty body on GET", get_with("Content-Length: 0\r\n")},
      {"no host in 1.0", "GET / HTTP/1.0\r\n\r\n"},
      {"a port", "GET / HTTP/1.1\r\nHost: g.test:8443\r\n\r\n"},
      {"an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n"},
      {"no space after the colon", get_with("Accept:*/*\r\n")},
      {"space around the value", get_with("Accept: \t */* \t\r\n")},
      {"an empty value", get_with("X-A:\r\n")},
      {"bytes above 127 in a value", get_with("X-A: \xe5\xb1\xb1\r\n")},
      {"raw carets and wildcards", "GET /s?PatientName=*A^B* HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"several Accept fields", get_with("Accept: a/b\r\nAccept: c/d\r\n")},
      {"a length on POST", "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\n"},
      {"chunked POST", "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: Chunked\r\n\r\n"},
  };
  for (const auto& shape : shapes) EXPECT_EQ(status_of(shape.head), 200) << shape.what;
}

TEST(RequestHead, RefuseMoreThanAHundredFields) {
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "X-A: b\r\n";
  EXPECT_EQ(status_of(get_with(fields)), 200);
  EXPECT_EQ(status_of(get_with(fields + "X-A: b\r\n")), 431);
}

TEST(RequestHead, GiveTheRequestAsItWasSent) {
  const Request request = request_of(
      "HEAD /dicom-web/studies?00100020=A%2AB HTTP/1.1\r\nHost: g\r\naCCept: a/b\r\n"
      "Accept:  c/d \r\n\r\n");
  EXPECT_EQ(request.method, Method::head);
  EXPECT_EQ(request.target, "/dicom-web/studies?00100020=A%2AB");
  EXPECT_EQ(request.field("accept"), "a/b, c/d");
  EXPECT_EQ(request.field("x-none"), "");
}

TEST(RequestHead, KeepTheConnectionOnlyWhereBothSidesKnowWhereTheRequestEnds) {
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

TEST(RequestHead, MethodsAreCaseSensitive) {
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

}  // namespace
}  // namespace sekisho::http
