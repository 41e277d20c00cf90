// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/request_body.h"
#include "http/request_head.h"

// What passes and what does not, each with the clause that says so: of RFC 9112 where there is no
// other number. "MAY refuse" is where the standard leaves it to us: there, what two programs could
// read differently is refused.

namespace sekisho::http {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// What a whole request head comes to: the scanner's verdict first, as on a connection. 200: it
/// passes.
int status_of(std::string_view head) {
  HeadScanner scanner;
  const auto state = scanner.scan(head);
  if (state == HeadScanner::State::malformed) return 400;
  if (state == HeadScanner::State::incomplete) return 0;
  const auto parsed =
      parse_request(head.substr(scanner.head_begin(), scanner.head_bytes() - scanner.head_begin()));
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? 200 : refusal->status;
}

std::string get_with(std::string_view fields) {
  return "GET /dicom-web/studies HTTP/1.1\r\nHost: g.test\r\n" + std::string(fields) + "\r\n";
}

std::string post_with(std::string_view fields) {
  return "POST /dicom-web/studies HTTP/1.1\r\nHost: g.test\r\n" + std::string(fields) + "\r\n";
}

std::string get_of(std::string_view target, std::string_view host = "g.test") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
}

struct Head {
  std::string_view clause;
  std::string_view what;
  std::string bytes;
  int status = 200;
};

void check(const Head& row) {
  EXPECT_EQ(status_of(row.bytes), row.status) << row.clause << ": " << row.what;
}

TEST(Lawful, RequestLines) {
  const Head rows[] = {
      {"§2.2 SHOULD ignore one empty line", "an empty line first", "\r\n" + get_with("")},
      {"§2.2 at least one: more MAY be refused", "two empty lines", "\r\n\r\n" + get_with(""), 400},
      {"§2.2 LF alone MAY be refused", "an empty line of LF", "\n" + get_with(""), 400},
      {"§2.2 bare CR is invalid", "CR first", "\r" + get_with(""), 400},
      {"§2.2 no space before the first field", "folded first field",
       "GET / HTTP/1.1\r\n Host: g\r\n\r\n", 400},
      {"§2.2 LF alone MAY be refused", "lines ended by LF", "GET / HTTP/1.1\nHost: g\n\n", 400},
      {"§2.3 HTTP-version", "no version", "GET /\r\nHost: g\r\n\r\n", 400},
      {"§2.3 HTTP-version", "HTTP/0.9", "GET / HTTP/0.9\r\nHost: g\r\n\r\n", 400},
      {"RFC 9110 §2.5 SHOULD: the parser knows none", "HTTP/1.2",
       "GET / HTTP/1.2\r\nHost: g\r\n\r\n", 400},
      {"§2.3 HTTP-version", "HTTP/2.0", "GET / HTTP/2.0\r\nHost: g\r\n\r\n", 400},
      {"§2.3 one digit", "HTTP/1.10", "GET / HTTP/1.10\r\nHost: g\r\n\r\n", 400},
      {"§2.3 case-sensitive", "http/1.1", "GET / http/1.1\r\nHost: g\r\n\r\n", 400},
      {"§2.3 HTTP-version", "preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"§3 single spaces; others MAY be refused", "two spaces",
       "GET  / HTTP/1.1\r\nHost: g\r\n\r\n", 400},
      {"§3 single spaces", "a space at the end", "GET / HTTP/1.1 \r\nHost: g\r\n\r\n", 400},
      {"§3 single spaces", "a space first", " GET / HTTP/1.1\r\nHost: g\r\n\r\n", 400},
      {"§3 other white space MAY be refused", "a tab", "GET\t/ HTTP/1.1\r\nHost: g\r\n\r\n", 400},
      {"§3.1 method = token", "no method", " / HTTP/1.1\r\nHost: g\r\n\r\n", 400},
      {"§3.1 method = token", "a brace", "G(T / HTTP/1.1\r\nHost: g\r\n\r\n", 400},
      {"§3.1 method = token", "a method that nobody knows", "BREW / HTTP/1.1\r\nHost: g\r\n\r\n"},
      {"§3 at least 8000 octets", "a target of 7900", get_of("/" + std::string(7900, 'a'))},
      {"§3 MUST 414", "a target of 9000", get_of("/" + std::string(9000, 'a')), 414},
      {"none: not HTTP", "a TLS ClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
  };
  for (const Head& row : rows) check(row);
}

TEST(Lawful, Targets) {
  const Head rows[] = {
      {"§3.2.1 origin-form", "path and query", get_of("/s?PatientName=*A^B*")},
      {"§3.2 no white space; MAY refuse", "a space", get_of("/a b"), 400},
      {"RFC 9110 §4.2.5 no fragment is sent", "a fragment", get_of("/a#b"), 400},
      {"§3.2.2 MUST accept", "absolute-form", get_of("https://g.test/dicom-web/studies")},
      {"§3.2.2 MUST accept", "absolute-form of http", get_of("http://g.test/")},
      {"RFC 9110 §4.2.3 scheme and host in any case", "HTTPS://G.Test", get_of("HTTPS://G.Test/a")},
      {"RFC 9110 §4.2.3 an empty path is /", "no path", get_of("https://g.test")},
      {"RFC 9110 §4.2.3 an empty path is /", "no path but a query", get_of("https://g.test?a=b")},
      {"§3.2.2", "a port", get_of("https://g.test:8443/a", "g.test:8443")},
      {"§3.2.2", "an IPv6 address", get_of("https://[2001:db8::1]/a", "[2001:db8::1]")},
      {"§3.2 Host MUST be the target's", "another Host", get_of("https://g.test/a", "other"), 400},
      {"§3.2 Host MUST be the target's", "another port", get_of("https://g.test/", "g.test:1"),
       400},
      {"§3.2 two Host fields", "a second Host",
       "GET https://g.test/ HTTP/1.1\r\nHost: g.test\r\n"
       "Host: g.test\r\n\r\n",
       400},
      {"§3.2 MUST 400", "absolute-form without Host", "GET https://g.test/ HTTP/1.1\r\n\r\n", 400},
      {"§3.2.2", "absolute-form of HTTP/1.0", "GET https://g.test/ HTTP/1.0\r\n\r\n"},
      {"RFC 9110 §4.2.4 user information is an error", "a user",
       get_of("https://a@g.test/", "g.test"), 400},
      {"RFC 9110 §4.2.5 no fragment is sent", "an absolute fragment", get_of("https://g.test/#a"),
       400},
      {"RFC 9110 §4.2.1 a host is there", "no host", get_of("https:///a"), 400},
      {"RFC 9110 §7.4 not our scheme", "ftp", get_of("ftp://g.test/a"), 400},
      {"§3.2 in no form", "a relative path", get_of("dicom-web/studies"), 400},
      {"§3.2 in no form", "a scheme alone", get_of("https:g.test"), 400},
      {"§3.2.3 for proxies", "authority-form",
       "CONNECT g.test:443 HTTP/1.1\r\nHost: g.test:443\r\n\r\n", 400},
      {"§3.2.4 asterisk-form", "OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: g.test\r\n\r\n"},
      {"§3.2.4 of OPTIONS alone", "GET *", get_of("*"), 400},
  };
  for (const Head& row : rows) check(row);
}

TEST(Lawful, Fields) {
  const Head rows[] = {
      {"§5", "nothing but Host", get_with("")},
      {"§5.1 optional white space", "none", get_with("Accept:*/*\r\n")},
      {"§5.1 optional white space", "much", get_with("Accept: \t */* \t\r\n")},
      {"RFC 9110 §5.5 field-value may be empty", "an empty value", get_with("X-A:\r\n")},
      {"RFC 9110 §5.5 obs-text", "bytes above 127", get_with("X-A: \xe5\xb1\xb1\r\n")},
      {"RFC 9110 §5.3 lists", "two Accept fields", get_with("Accept: a/b\r\nAccept: c/d\r\n")},
      {"§5.1 MUST 400", "a space before the colon", get_with("X-A : one\r\n"), 400},
      {"§5.1 MUST 400", "a tab before the colon", get_with("X-A\t: one\r\n"), 400},
      {"RFC 9110 §5.1 field-name = token", "no name", get_with(": one\r\n"), 400},
      {"§5 field-line", "no colon", get_with("nonsense\r\n"), 400},
      {"RFC 9110 §5.1 field-name = token", "a quote", get_with("X\"A: one\r\n"), 400},
      {"§5.2 obs-fold: 400 is right", "a folded field", get_with("X-A: one\r\n two\r\n"), 400},
      {"§5.2 obs-fold", "folded by a tab", get_with("X-A: one\r\n\ttwo\r\n"), 400},
      {"RFC 9110 §5.5 NUL is invalid", "NUL in a value", get_with("X-A: o\0ne\r\n"sv), 400},
      {"RFC 9110 §5.1", "NUL in a name", get_with("X\0A: one\r\n"sv), 400},
      {"RFC 9110 §5.5 controls MAY be refused", "SOH", get_with("X-A: o\x01ne\r\n"), 400},
      {"RFC 9110 §5.5 controls MAY be refused", "DEL", get_with("X-A: o\x7fne\r\n"), 400},
      {"§2.2 bare CR is invalid", "CR in a value", get_with("X-A: one\rX-B: two\r\n"), 400},
      {"§2.2 bare CR is invalid", "CR CR LF", get_with("X-A: one\r\r\n"), 400},
      {"§2.2 LF alone MAY be refused", "LF in a value", get_with("X-A: one\nX-B: two\r\n"), 400},
      {"RFC 9110 §11.6.2 one field", "two Authorization fields",
       get_with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400},
  };
  for (const Head& row : rows) check(row);
}

TEST(Lawful, Hosts) {
  const Head rows[] = {
      {"RFC 9110 §7.2", "a port", get_of("/", "g.test:8443")},
      {"RFC 9110 §7.2", "an IPv6 address", get_of("/", "[::1]:8443")},
      {"§3.2 a request of HTTP/1.1 alone needs one", "none in 1.0", "GET / HTTP/1.0\r\n\r\n"},
      {"§3.2 MUST 400", "none", "GET / HTTP/1.1\r\n\r\n", 400},
      {"§3.2 MUST 400", "two", get_with("Host: other\r\n"), 400},
      {"§3.2 MUST 400", "the same twice", get_with("host: g.test\r\n"), 400},
      {"RFC 9110 §4.2.1 a host is there", "an empty one", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"§3.2 MUST 400: invalid value", "a path", get_of("/", "a/b"), 400},
      {"§3.2 MUST 400: invalid value", "a user", get_of("/", "a@b"), 400},
      {"§3.2 MUST 400: invalid value", "a list", get_of("/", "a, b"), 400},
  };
  for (const Head& row : rows) check(row);
}

TEST(Lawful, Framing) {
  const Head rows[] = {
      {"§6.2", "a length", post_with("Content-Length: 5\r\n")},
      {"§7 coding names in any case", "Chunked", post_with("Transfer-Encoding: Chunked\r\n")},
      {"§6.3 a length of zero", "an empty body on GET", get_with("Content-Length: 0\r\n")},
      {"RFC 9110 §9.3.1 MAY be refused", "a body on GET", get_with("Content-Length: 4\r\n"), 400},
      {"RFC 9110 §9.3.1 MAY be refused", "chunks on GET",
       get_with("Transfer-Encoding: chunked\r\n"), 400},
      {"§6.3 both MAY be refused", "length and coding",
       get_with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"§6.3 both MAY be refused", "coding and length",
       post_with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), 400},
      {"§6.3 several lengths MAY be refused", "two lengths",
       get_with("Content-Length: 0\r\nContent-Length: 0\r\n"), 400},
      {"§6.3 several lengths MAY be refused", "a list", get_with("Content-Length: 0, 0\r\n"), 400},
      {"RFC 9110 §8.6 1*DIGIT", "a plus", get_with("Content-Length: +0\r\n"), 400},
      {"RFC 9110 §8.6 1*DIGIT", "a minus", get_with("Content-Length: -1\r\n"), 400},
      {"RFC 9110 §8.6 1*DIGIT", "letters", get_with("Content-Length: zero\r\n"), 400},
      {"RFC 9110 §8.6 1*DIGIT", "hexadecimal", get_with("Content-Length: 0x0\r\n"), 400},
      {"RFC 9110 §8.6 1*DIGIT", "nothing", get_with("Content-Length:\r\n"), 400},
      {"RFC 9110 §8.6 no overflow", "beyond 64 bits",
       post_with("Content-Length: 99999999999999999999\r\n"), 400},
      {"§6.1 SHOULD 501; 400 as all that is not read", "an unknown coding",
       post_with("Transfer-Encoding: rot13\r\n"), 400},
      {"§7 identity is no coding any more", "identity",
       post_with("Transfer-Encoding: identity\r\n"), 400},
      {"§6.1 MUST NOT chunk twice", "chunked twice",
       post_with("Transfer-Encoding: chunked, chunked\r\n"), 400},
      {"§6.1 MUST NOT chunk twice", "in two fields",
       post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"§2.2 controls", "chunked in disguise",
       post_with("Transfer-Encoding: \x0b"s + "chunked\r\n"), 400},
      {"§7 a token", "chunked in quotes", post_with("Transfer-Encoding: \"chunked\"\r\n"), 400},
      {"§6.1 unknown coding", "xchunked", post_with("Transfer-Encoding: xchunked\r\n"), 400},
      {"§6.1 faulty in HTTP/1.0", "chunks in 1.0",
       "POST / HTTP/1.0\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
  };
  for (const Head& row : rows) check(row);
}

TEST(Lawful, AbsoluteFormIsReadAsThePathItStandsFor) {
  const struct {
    std::string_view target;
    std::string_view origin_form;
  } rows[] = {
      {"https://g.test/dicom-web/studies?limit=1", "/dicom-web/studies?limit=1"},
      {"https://g.test", "/"},
      {"https://g.test?a=/b", "/?a=/b"},
      {"http://g.test//a", "//a"},
      {"/https://g.test/a", "/https://g.test/a"},
  };
  for (const auto& [target, origin_form] : rows) {
    const auto parsed = parse_request(get_of(target));
    const auto* request = std::get_if<Request>(&parsed);
    ASSERT_NE(request, nullptr) << target;
    EXPECT_EQ(request->target, origin_form);
  }
}

/// "complete: " and the body, or what became of it. In pieces of `step` bytes.
std::string body_of(std::string_view chunks, std::size_t step) {
  Request request;
  request.framing = BodyFraming::chunked;
  Spool spool("/nowhere", Limits{});
  RequestBody body(request, 1000, Spool::Place(spool, "a clinic"));
  std::string arrived;
  while (true) {
    switch (body.take(arrived)) {
      case RequestBody::State::complete: {
        const core::StoredFile file = body.finish().value();
        std::string content(file.size_bytes(), '\0');
        file.read(0, {reinterpret_cast<core::Byte*>(content.data()), content.size()});
        arrived += chunks;
        return "complete: " + content + (arrived.empty() ? "" : " and " + arrived);
      }
      case RequestBody::State::incomplete:
        break;
      case RequestBody::State::malformed:
        return "malformed";
      case RequestBody::State::too_large:
      case RequestBody::State::piece_full:
        return "too large";
    }
    if (chunks.empty()) return "incomplete";
    arrived += chunks.substr(0, step);
    chunks.remove_prefix(std::min(step, chunks.size()));
  }
}

TEST(Lawful, Chunks) {
  constexpr std::string_view kHello = "complete: hello";
  constexpr std::string_view kMalformed = "malformed";
  const struct {
    std::string_view clause;
    std::string bytes;
    std::string_view outcome;
  } rows[] = {
      {"§7.1", "5\r\nhello\r\n0\r\n\r\n", kHello},
      {"§7.1 1*HEXDIG", "0005\r\nhello\r\n000\r\n\r\n", kHello},
      {"§7.1 HEXDIG in any case", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
       "complete: 01234567890123456789"},
      {"§7.1.1 MUST ignore", "5;a=b\r\nhello\r\n0\r\n\r\n", kHello},
      {"§7.1.1 a name alone", "5;a\r\nhello\r\n0;last\r\n\r\n", kHello},
      {"§7.1.1 several", "5;a=b;c;d=\"e\"\r\nhello\r\n0\r\n\r\n", kHello},
      {"§7.1.1 BWS", "5 ;\ta = b ; c\r\nhello\r\n0\r\n\r\n", kHello},
      {"§7.1.1 quoted-string", "5;a=\"b;\\\" \xe5=\"\r\nhello\r\n0\r\n\r\n", kHello},
      {"§7.1.2 MAY discard", "5\r\nhello\r\n0\r\nX-Checksum: 7\r\nX-B:\r\n\r\n", kHello},
      {"§7.1 nothing behind the end", "0\r\n\r\nGET /", "complete:  and GET /"},
      {"§7.1 1*HEXDIG", "\r\n", kMalformed},
      {"§7.1 1*HEXDIG", "x\r\n", kMalformed},
      {"§7.1 1*HEXDIG", "-1\r\n", kMalformed},
      {"§7.1 1*HEXDIG", "+5\r\nhello", kMalformed},
      {"§7.1 1*HEXDIG", "0x5\r\nhello", kMalformed},
      {"§7.1 no space before", " 5\r\nhello", kMalformed},
      {"§7.1 none behind but before ;", "5 \r\nhello", kMalformed},
      {"§7.1 no overflow", "00000000000000005\r\nhello", kMalformed},
      {"§7.1 no overflow", "55555555555555555555\r\n", kMalformed},
      {"§2.2 LF alone", "5\nhello\n", kMalformed},
      {"§7.1 CRLF behind the data", "5\r\nhelloX", kMalformed},
      {"§7.1 CRLF behind the data", "5\r\nhello\n0\r\n\r\n", kMalformed},
      {"§7.1.1 no name", "5;\r\nhello", kMalformed},
      {"§7.1.1 no name", "5;=b\r\nhello", kMalformed},
      {"§7.1.1 no value", "5;a=\r\nhello", kMalformed},
      {"§7.1.1 an open quote", "5;a=\"b\r\nhello", kMalformed},
      {"§7.1.1 an escape at the end", "5;a=\"b\\\r\nhello", kMalformed},
      {"§7.1.1 no semicolon", "5 a=b\r\nhello", kMalformed},
      {"§2.2 LF in an extension", "5;a=b\nX: \r\nhello", kMalformed},
      {"§2.2 CR in an extension", "5;a=\"\rb\"\r\nhello", kMalformed},
      {"RFC 9110 §5.6.4 NUL in quotes", "5;a=\"\0\"\r\nhello"s, kMalformed},
      {"§7.1.1 ought to limit", "5;a=" + std::string(2000, 'b') + "\r\nhello", kMalformed},
      {"§7.1.2 field-line", "0\r\nnonsense\r\n\r\n", kMalformed},
      {"§5.1 a space before the colon", "0\r\nX-A : b\r\n\r\n", kMalformed},
      {"§5.2 obs-fold", "0\r\nX-A: b\r\n c\r\n\r\n", kMalformed},
      {"§2.2 LF alone", "0\r\nX-A: b\n\r\n", kMalformed},
      {"§2.2 LF alone", "0\r\n\n", kMalformed},
      {"RFC 9110 §6.5.1 no framing", "0\r\nContent-Length: 5\r\n\r\n", kMalformed},
      {"RFC 9110 §6.5.1 no framing", "0\r\ntransfer-encoding: chunked\r\n\r\n", kMalformed},
      {"RFC 9110 §6.5.1 no routing", "0\r\nHOST: other\r\n\r\n", kMalformed},
      {"RFC 9110 §6.5.1 no authentication", "0\r\nAuthorization: Bearer a\r\n\r\n", kMalformed},
  };
  for (const auto& row : rows) {
    for (const std::size_t step : {1U, 3U, 4096U}) {
      EXPECT_EQ(body_of(row.bytes, step), row.outcome) << row.clause << ": " << row.bytes;
    }
  }
}

TEST(Lawful, ExtensionsAndTrailersHaveALimitInAll) {  // §7.1.1: ought to limit
  std::string many;
  for (int i = 0; i < 200; ++i) many += "1;a=" + std::string(500, 'b') + "\r\nx\r\n";
  EXPECT_EQ(body_of(many, 4096), "malformed");
  std::string trailers = "0\r\n";
  for (int i = 0; i < 200; ++i) trailers += "X-A: " + std::string(500, 'b') + "\r\n";
  EXPECT_EQ(body_of(trailers, 4096), "malformed");
}

}  // namespace
}  // namespace sekisho::http
