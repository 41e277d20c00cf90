// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/answer_stream.h"

#include <gtest/gtest.h>

#include "unit/http/bodies.h"

namespace sekisho::http {
namespace {

using tests::BodyOutcome;
using tests::FilesBody;
using tests::ScriptedBody;

const core::Time kNow = core::Time(std::chrono::seconds(784'111'777));  // RFC 9110 §5.6.7

Request a_request(Method method = Method::get, Version version = Version::http_1_1) {
  Request request;
  request.method = method;
  request.version = version;
  request.id = "0123456789abcdef0123456789abcdef";
  request.target = "/";
  return request;
}

Response a_text(std::string text) { return text_response(200, "text/plain", std::move(text)); }

struct Pulled {
  std::string bytes;
  std::uint64_t file_bytes = 0;
  std::size_t blocks = 0;
  std::uint64_t body_bytes = 0;
  Block::Kind end = Block::Kind::more;
};

/// Pulls and sends everything, a few bytes at a time.
Pulled pull(AnswerStream& stream, std::size_t block_bytes = 1024,
            AnswerStream::Files files = AnswerStream::Files::copied) {
  BlockPool pool(block_bytes, 2);
  Pulled pulled;
  while (pulled.end == Block::Kind::more) {
    Block block = stream.next(pool, files);
    pulled.end = block.kind;
    ++pulled.blocks;
    while (!block.is_sent()) {
      if (block.rest().empty()) {
        core::Bytes piece(std::min<std::uint64_t>(50'000, block.file->size_bytes));
        block.file->file.read(block.file->offset, piece);
        pulled.bytes += core::as_text(piece);
        pulled.file_bytes += piece.size();
        block.advance_file(piece.size());
        continue;
      }
      const auto piece = block.rest().first(std::min<std::size_t>(7, block.rest().size()));
      pulled.bytes += core::as_text(piece);
      pulled.body_bytes += block.advance(piece.size());
    }
    pool.give(std::move(block));
  }
  return pulled;
}

std::string body_of(const std::string& bytes) { return bytes.substr(bytes.find("\r\n\r\n") + 4); }

TEST(AnswerStream, SaysWhatEveryAnswerMustSay) {
  AnswerStream stream(a_text("hello"), a_request(), Persistence::keep_alive, kNow);
  EXPECT_EQ(pull(stream).bytes,
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/plain\r\n"
            "Cache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n"
            "Sekisho-Request: 0123456789abcdef0123456789abcdef\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Length: 5\r\n"
            "Connection: keep-alive\r\n"
            "\r\n"
            "hello");
}

TEST(AnswerStream, AnswersHeadWithTheHeadersOfGetAndNoBody) {
  AnswerStream get(a_text("hello"), a_request(), Persistence::keep_alive, kNow);
  AnswerStream head(a_text("hello"), a_request(Method::head), Persistence::keep_alive, kNow);
  EXPECT_EQ(pull(get).bytes, pull(head).bytes + "hello");
}

TEST(AnswerStream, PullsNothingForHead) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello");
  {
    AnswerStream stream(std::move(response), a_request(Method::head), Persistence::close, kNow);
    const Pulled pulled = pull(stream);
    EXPECT_EQ(body_of(pulled.bytes), "");
    EXPECT_NE(pulled.bytes.find("Transfer-Encoding: chunked"), std::string::npos);
    stream.finish(AnswerStream::End::complete, pulled.body_bytes);
  }
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{true, 0, 0, true}));
}

TEST(AnswerStream, IsCutWhereTheHeaderOfHeadDoesNotArrive) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello");
  AnswerStream stream(std::move(response), a_request(Method::head), Persistence::close, kNow);
  stream.finish(AnswerStream::End::cut, 0);
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{false, 0, 0}));
}

TEST(AnswerStream, HasNoLengthWhereNothingWasModified) {
  Response response;
  response.status = 304;
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  EXPECT_EQ(pull(stream).bytes.find("Content-Length"), std::string::npos);
}

TEST(AnswerStream, ChunksABodyOfUnknownSize) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello, world");
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  const Pulled pulled = pull(stream);
  EXPECT_EQ(body_of(pulled.bytes), "c\r\nhello, world\r\n0\r\n\r\n");
  EXPECT_EQ(pulled.body_bytes, 12u);
  EXPECT_EQ(pulled.end, Block::Kind::last);
}

TEST(AnswerStream, ChunksABodyOfManyBlocks) {
  const std::string text(5000, 'x');
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, text);
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  const Pulled pulled = pull(stream);
  std::string rest = body_of(pulled.bytes);
  std::string joined;
  for (;;) {
    const std::size_t size = std::stoul(rest, nullptr, 16);
    rest.erase(0, rest.find("\r\n") + 2);
    joined += rest.substr(0, size);
    EXPECT_EQ(rest.substr(size, 2), "\r\n");
    rest.erase(0, size + 2);
    if (size == 0) break;
  }
  EXPECT_EQ(joined, text);
  EXPECT_EQ(rest, "");
  EXPECT_GT(pulled.blocks, 4u);
  EXPECT_EQ(pulled.body_bytes, text.size());
}

TEST(AnswerStream, NamesFilesInsteadOfCopyingThem) {
  constexpr std::size_t kParts = 3;
  const std::string file(2'500'000, 'p');
  std::string whole = "head";
  for (std::size_t i = 0; i < kParts; ++i) whole += file + "head";
  for (const bool known_size : {true, false}) {
    BodyOutcome outcome;
    Response response = a_text({});
    response.body = std::make_unique<FilesBody>(outcome, "head", file, kParts);
    if (known_size) response.size_bytes = whole.size();
    const Version version = known_size ? Version::http_1_1 : Version::http_1_0;
    AnswerStream stream(std::move(response), a_request(Method::get, version),
                        Persistence::keep_alive, kNow);
    const Pulled pulled = pull(stream, 4096, AnswerStream::Files::named);
    EXPECT_TRUE(body_of(pulled.bytes) == whole);
    EXPECT_EQ(pulled.file_bytes, kParts * file.size());
    EXPECT_EQ(pulled.body_bytes, whole.size() - pulled.file_bytes);
    EXPECT_EQ(pulled.end, Block::Kind::last);
  }
}

TEST(AnswerStream, CountsANamedFileIntoTheChunkThatItEnds) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<FilesBody>(outcome, "head", "pixels", 1);
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  const Pulled pulled = pull(stream, 4096, AnswerStream::Files::named);
  EXPECT_EQ(body_of(pulled.bytes), "a\r\nheadpixels\r\n4\r\nhead\r\n0\r\n\r\n");
}

TEST(AnswerStream, SendsNoMoreOfAFileThanPromised) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<FilesBody>(outcome, "head", "pixels", 1);
  response.size_bytes = 7;
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  EXPECT_EQ(body_of(pull(stream, 4096, AnswerStream::Files::named).bytes), "headpix");
}

TEST(AnswerStream, EndsAnEmptyBodyProperly) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "");
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  EXPECT_EQ(body_of(pull(stream).bytes), "0\r\n\r\n");
}

TEST(AnswerStream, NeverChunksForHttp10AndSaysThatItCloses) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello");
  AnswerStream stream(std::move(response), a_request(Method::get, Version::http_1_0),
                      Persistence::keep_alive, kNow);
  const Pulled pulled = pull(stream);
  EXPECT_EQ(body_of(pulled.bytes), "hello");
  EXPECT_NE(pulled.bytes.find("Connection: close"), std::string::npos);
  EXPECT_EQ(stream.persistence(), Persistence::close);
}

TEST(AnswerStream, SendsABodyOfKnownSizeAsItIs) {
  const std::string text(5000, 'x');
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, text);
  response.size_bytes = text.size();
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  const Pulled pulled = pull(stream);
  EXPECT_EQ(body_of(pulled.bytes), text);
  EXPECT_EQ(pulled.end, Block::Kind::last);
  EXPECT_NE(pulled.bytes.find("Content-Length: 5000"), std::string::npos);
}

TEST(AnswerStream, IsCutWhenTheBodyIsShorterThanPromised) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello");
  response.size_bytes = 6;
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  EXPECT_EQ(pull(stream).end, Block::Kind::cut);
}

TEST(AnswerStream, SendsNoMoreThanPromised) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello, world");
  response.size_bytes = 5;
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  EXPECT_EQ(body_of(pull(stream).bytes), "hello");
}

TEST(AnswerStream, IsCutAsSoonAsTheShareIsDead) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, std::string(5000, 'x'));
  AnswerStream stream(std::move(response), a_request(), Persistence::keep_alive, kNow);
  BlockPool pool(1024, 2);
  EXPECT_EQ(stream.next(pool).kind, Block::Kind::more);
  outcome.revoke();
  EXPECT_FALSE(stream.may_go_on());
  EXPECT_EQ(stream.next(pool).kind, Block::Kind::cut);
}

TEST(AnswerStream, PutsAnUnfinishedAnswerOnRecordAsCut) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello");
  {
    AnswerStream stream(std::move(response), a_request(), Persistence::close, kNow);
  }
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{false, 0, 0}));
}

TEST(AnswerStream, PutsTheOutcomeOnRecordOnce) {
  BodyOutcome outcome;
  Response response = a_text({});
  response.body = std::make_unique<ScriptedBody>(outcome, "hello");
  {
    AnswerStream stream(std::move(response), a_request(), Persistence::close, kNow);
    stream.finish(AnswerStream::End::complete, 5);
    stream.finish(AnswerStream::End::cut, 0);
  }
  EXPECT_EQ(outcome.times(), 1);
}

TEST(Block, CountsOnlyTheBytesOfTheBody) {
  Block block;
  block.begin = 0;
  block.body_begin = 10;
  block.body_end = 20;
  block.end = 25;
  EXPECT_EQ(block.advance(5), 0u);
  EXPECT_EQ(block.advance(10), 5u);
  EXPECT_EQ(block.advance(10), 5u);
}

}  // namespace
}  // namespace sekisho::http
