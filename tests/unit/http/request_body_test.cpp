// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_body.h"

#include <gtest/gtest.h>

#include "support/temporary_directory.h"
#include "unit/http/server_fixture.h"

namespace sekisho::http {
namespace {

using State = RequestBody::State;
using tests::Answer;
using tests::Client;
using tests::Ending;
using tests::ServerUnderTest;
using tests::text_response;

Request chunked() {
  Request request;
  request.framing = BodyFraming::chunked;
  return request;
}
Request of_length(std::uint64_t length) {
  Request request;
  request.framing = BodyFraming::length;
  request.content_length = length;
  return request;
}

/// For bodies that stay in memory.
Spool::Place nowhere() {
  static Spool spool("/nowhere", Limits{});
  return Spool::Place(spool, "a clinic");
}

std::string text_of(const core::StoredFile& file) {
  core::Bytes bytes(file.size_bytes());
  file.read(0, bytes);
  return std::string(core::as_text(bytes));
}

/// Gives the bytes in steps of `step`; what it comes to, and the body where it is complete.
std::pair<State, std::string> receive(RequestBody& body, std::string_view bytes, std::size_t step) {
  std::string arrived;
  State state = body.take(arrived);
  while (state == State::incomplete || state == State::piece_full) {
    if (state == State::piece_full) {
      EXPECT_TRUE(body.spill());
    }
    if (bytes.empty() && state == State::incomplete) break;
    arrived += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    state = body.take(arrived);
  }
  return {state, state == State::complete ? text_of(body.finish().value()) : std::string()};
}

TEST(RequestBody, IsPutTogetherHoweverItArrives) {
  for (std::size_t step : {1U, 2U, 3U, 1000U}) {
    RequestBody body(chunked(), 100, nowhere());
    const auto [state, text] = receive(body, "5\r\nhello\r\n0A\r\n, everyone\r\n0\r\n\r\n", step);
    EXPECT_EQ(state, State::complete);
    EXPECT_EQ(text, "hello, everyone");
  }
  RequestBody body(of_length(5), 100, nowhere());
  EXPECT_EQ(receive(body, "hello", 2).second, "hello");
}

TEST(RequestBody, LeavesWhatFollowsIt) {
  RequestBody body(of_length(5), 100, nowhere());
  std::string arrived = "helloGET /";
  EXPECT_EQ(body.take(arrived), State::complete);
  EXPECT_EQ(arrived, "GET /");
}

TEST(RequestBody, OfMoreThanAPieceLiesInAFileWithoutAName) {
  const tests::TemporaryDirectory directory;
  Spool spool(directory.path(), Limits{});
  const std::string large(3 * RequestBody::kPieceBytes + 17, 'x');
  RequestBody body(of_length(large.size()), large.size(), Spool::Place(spool, "a clinic"));
  EXPECT_EQ(receive(body, large, 70'000).second, large);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(RequestBody, IsNotReadBeyondItsLimit) {
  RequestBody by_length(of_length(101), 100, nowhere());
  EXPECT_EQ(receive(by_length, std::string(101, 'x'), 10).first, State::too_large);
  RequestBody by_chunks(chunked(), 100, nowhere());
  EXPECT_EQ(receive(by_chunks, "40\r\n" + std::string(64, 'x') + "\r\n40\r\n", 10).first,
            State::too_large);
  RequestBody huge(chunked(), 100, nowhere());
  EXPECT_EQ(receive(huge, "FFFFFFFFFFFFFFF\r\n", 10).first, State::too_large);
}

/// Answers with the body, which anybody may send.
class EchoServer : public ServerUnderTest {
 public:
  explicit EchoServer(std::uint64_t limit = 10 << 20)
      : ServerUnderTest(echo_body, settings(limit)) {}
  explicit EchoServer(const Server::Settings& settings) : ServerUnderTest(echo_body, settings) {}

  static Server::Settings settings(std::uint64_t limit = 10 << 20) {
    Server::Settings settings;
    settings.body_gate = [limit](const Request& request, const Peer&) {
      std::variant<BodyAdmission, Response> verdict = BodyAdmission{limit, request.target};
      if (request.target == "/closed") verdict = text_response("not here");
      return verdict;
    };
    settings.limits.stalled_read = std::chrono::milliseconds(300);
    return settings;
  }

 private:
  static Response echo_body(const Request& request, const Peer&) {
    return text_response(request.body ? text_of(*request.body) : "no body");
  }
};

TEST(PostedBody, ReachesTheHandlerAndTheConnectionGoesOn) {
  EchoServer server;
  Client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.request("POST / HTTP/1.1", "Content-Length: 5\r\n");
    client.send("hello");
    EXPECT_EQ(client.answer().body, "hello");
  }
  client.request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  client.send("3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: g\r\n\r\n");
  EXPECT_EQ(client.answer().body, "abc");
  EXPECT_EQ(client.answer().body, "no body");
}

TEST(PostedBody, MayBeLarge) {
  EchoServer server;
  Client client(server.port());
  std::string large(5 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 4096);
  client.request("POST / HTTP/1.1", "Content-Length: " + std::to_string(large.size()) + "\r\n");
  client.send(large);
  EXPECT_EQ(client.answer().body, large);
}

TEST(PostedBody, IsAskedForWhereTheClientWaits) {
  EchoServer server;
  Client client(server.port());
  for (const std::string expectation :
       {"100-continue", "100-Continue", "something, 100-CONTINUE"}) {  // RFC 9110 §10.1.1
    client.request("POST / HTTP/1.1", "Content-Length: 5\r\nExpect: " + expectation + "\r\n");
    EXPECT_EQ(client.answer(Client::Expect::head_only).status, 100) << expectation;
    client.send("hello");
    EXPECT_EQ(client.answer().body, "hello");
  }
}

TEST(PostedBody, IsNotAskedForWhereTheClientDoesNotSayThatItWaits) {
  EchoServer server;
  Client client(server.port());
  for (const std::string field : {"", "Expect: something\r\n", "Expect: 100-continued\r\n"}) {
    client.request("POST / HTTP/1.1", "Content-Length: 5\r\n" + field);
    client.send("hello");
    EXPECT_EQ(client.answer().body, "hello");
  }
}

TEST(PostedBody, MayHaveExtensionsAndTrailersThatNobodyReads) {
  EchoServer server;
  Client client(server.port());
  client.request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  client.send("3;a=\"b\"\r\nabc\r\n0\r\nX-Checksum: 7\r\n\r\nGET / HTTP/1.1\r\nHost: g\r\n\r\n");
  EXPECT_EQ(client.answer().body, "abc");
  EXPECT_EQ(client.answer().body, "no body");
}

TEST(PostedBody, IsNotReadWhereNobodyWantsIt) {
  EchoServer server;
  Client client(server.port());
  client.request("POST /closed HTTP/1.1", "Content-Length: 1000\r\nExpect: 100-continue\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body, "not here");
  EXPECT_EQ(answer.headers.at("connection"), "close");
}

TEST(PostedBody, OfTooManyBytesIs413) {
  EchoServer server(100);
  Client announced(server.port());
  announced.request("POST / HTTP/1.1", "Content-Length: 101\r\n");
  EXPECT_EQ(announced.answer().status, 413);
  Client creeping(server.port());
  creeping.request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  creeping.send("65\r\n");
  EXPECT_EQ(creeping.answer().status, 413);
  EXPECT_EQ(creeping.read_to_end(), Ending::proper);
}

TEST(PostedBody, ThatIsMalformedIs400AndNothingBehindItIsRead) {
  EchoServer server;
  Client client(server.port());
  client.request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  client.send("zz\r\nGET /hidden HTTP/1.1\r\nHost: g\r\n\r\n");
  EXPECT_EQ(client.answer().status, 400);
  client.read_to_end();
  EXPECT_EQ(client.rest(), "");
}

TEST(PostedBody, ThatStopsComingIsGivenUp) {
  EchoServer server;
  Client client(server.port());
  client.request("POST / HTTP/1.1", "Content-Length: 5\r\n");
  client.send("he");
  EXPECT_NE(client.read_to_end(), Ending::open);
}

std::string post_of(const std::string& target, std::size_t megabytes) {
  return "POST " + target +
         " HTTP/1.1\r\nHost: g\r\nContent-Length: " + std::to_string(megabytes << 20) + "\r\n\r\n";
}

/// Of a chunked body of 16 MB.
void send_part(Client& client, const std::string& target, std::size_t megabytes) {
  client.request("POST " + target + " HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  client.send("1000000\r\n" + std::string(megabytes << 20, 'x'));
}

TEST(PostedBody, ThatHasNoRoomIsToldToComeLater) {
  auto settings = EchoServer::settings(32 << 20);
  settings.limits.spool_bytes_per_recipient = 3 << 20;
  EchoServer server(settings);
  Client announced(server.port());
  announced.send(post_of("/a", 5));
  const Answer answer = announced.answer();
  EXPECT_EQ(answer.status, 503) << "before any of it was sent";
  EXPECT_EQ(answer.headers.at("retry-after"), "60");
  Client creeping(server.port());
  send_part(creeping, "/a", 4);
  EXPECT_EQ(creeping.answer().status, 503);
  Client small(server.port());
  small.send(post_of("/a", 2) + std::string(2 << 20, 'x'));
  EXPECT_EQ(small.answer().status, 200) << "what was refused has taken nothing";
}

TEST(PostedBody, ThatIsNeverFinishedTakesNobodyElsesRoom) {
  auto settings = EchoServer::settings(32 << 20);
  settings.limits.stalled_read = std::chrono::minutes(1);
  settings.limits.spool_bytes_per_recipient = 4 << 20;
  settings.limits.spool_bytes = 6 << 20;
  EchoServer server(settings);
  Client unfinished(server.port());
  unfinished.request("POST /a HTTP/1.1", "Content-Length: 4194304\r\nExpect: 100-continue\r\n");
  EXPECT_EQ(unfinished.answer(Client::Expect::head_only).status, 100);
  Client same(server.port());
  same.send(post_of("/a", 2));
  EXPECT_EQ(same.answer().status, 503);
  Client other(server.port());
  other.send(post_of("/b", 2) + std::string(2 << 20, 'x'));
  EXPECT_EQ(other.answer().status, 200);
  Client too_much(server.port());
  too_much.send(post_of("/b", 3));
  EXPECT_EQ(too_much.answer().status, 503) << "of all together";
}

TEST(PostedBody, LeavesRoomOnTheDiskForOthers) {
  auto settings = EchoServer::settings();
  settings.limits.spool_bytes_left_free = 1ULL << 60;
  EchoServer server(settings);
  Client large(server.port());
  large.send(post_of("/a", 2));
  EXPECT_EQ(large.answer().status, 503);
  Client small(server.port());
  small.send(post_of("/a", 0) + post_of("/a", 1) + std::string(1 << 20, 'x'));
  EXPECT_EQ(small.answer().status, 200);
  EXPECT_EQ(small.answer().status, 200) << "what stays in memory";
}

TEST(PostedBody, IsRefusedByAServerWithoutAGate) {
  ServerUnderTest server(tests::echo);
  Client client(server.port());
  client.request("POST / HTTP/1.1", "Content-Length: 5\r\n");
  EXPECT_EQ(client.answer().status, 404);
}

}  // namespace
}  // namespace sekisho::http
