// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/server.h"

#include <gtest/gtest.h>

#include <atomic>

#include "unit/http/server_fixture.h"

namespace sekisho::http {
namespace {

using std::chrono::milliseconds;
using tests::Answer;
using tests::BodyOutcome;
using tests::Client;
using tests::echo;
using tests::Ending;
using tests::EndlessBody;
using tests::FilesBody;
using tests::ScriptedBody;
using tests::ServerUnderTest;
using tests::stream_response;
using tests::text_response;

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

TEST(Server, AnswersOneRequestAfterAnotherOnOneConnection) {
  ServerUnderTest server(echo);
  Client client(server.port());
  for (const char* target : {"/one", "/two", "/three"}) {
    client.request(std::string("GET ") + target + " HTTP/1.1");
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, target);
    EXPECT_EQ(answer.headers.at("connection"), "keep-alive");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.at("sekisho-request").size(), 32u);
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  ServerUnderTest server(echo);
  Client client(server.port());
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: g\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.answer().body, "/" + std::to_string(i));
}

TEST(Server, UnderstandsARequestThatArrivesInSingleBytes) {
  ServerUnderTest server(echo);
  Client client(server.port());
  for (char c : std::string("GET /slow HTTP/1.1\r\nHost: g\r\n\r\n")) client.send({&c, 1});
  EXPECT_EQ(client.answer().body, "/slow");
}

TEST(Server, ClosesWhenAskedTo) {
  ServerUnderTest server(echo);
  Client client(server.port());
  client.request("GET / HTTP/1.1", "Connection: close\r\n");
  EXPECT_EQ(client.answer().headers.at("connection"), "close");
  EXPECT_EQ(client.read_to_end(), Ending::proper);
}

TEST(Server, GivesEachRequestAnIdOfItsOwnAndTellsTheHandler) {
  ServerUnderTest server(
      [](const Request& request, const Peer&) { return text_response(request.id); });
  Client client(server.port());
  std::string last;
  for (int i = 0; i < 2; ++i) {
    client.request("GET / HTTP/1.1");
    const Answer answer = client.answer();
    EXPECT_EQ(answer.body, answer.headers.at("sekisho-request"));
    EXPECT_NE(answer.body, last);
    last = answer.body;
  }
}

TEST(Server, TellsTheHandlerWhereTheClientIs) {
  ServerUnderTest server([](const Request&, const Peer& peer) {
    return text_response(peer.source.text() + (peer.certificate ? " certified" : ""));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1", "X-Forwarded-For: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\n");
  EXPECT_EQ(client.answer().body, "127.0.0.1");
}

TEST(Server, RefusesSmugglingShapesOnceAndCloses) {
  ServerUnderTest server(echo);
  Client client(server.port());
  client.send(
      "GET /a HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: g\r\n\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(client.read_to_end(), Ending::proper);
  EXPECT_EQ(client.rest(), "");
}

TEST(Server, RefusesAHeadThatIsTooLong) {
  ServerUnderTest server(echo);
  for (const char* end : {"\r\n\r\n", ""}) {
    Client client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: g\r\nX-A: " + std::string(17'000, 'a') + end);
    EXPECT_EQ(client.answer().status, 431);
    EXPECT_EQ(client.read_to_end(), Ending::proper);
  }
}

TEST(Server, SaysWhenATargetIsTooLong) {  // RFC 9112 §3
  ServerUnderTest server(echo);
  for (const std::size_t size : {9'000U, 17'000U}) {
    Client client(server.port());
    client.send("GET /" + std::string(size, 'a') + " HTTP/1.1\r\nHost: g\r\n\r\n");
    EXPECT_EQ(client.answer().status, 414);
  }
}

TEST(Server, IgnoresAnEmptyLineBetweenRequests) {  // RFC 9112 §2.2
  ServerUnderTest server(echo);
  Client client(server.port());
  client.send("GET /one HTTP/1.1\r\nHost: g\r\n\r\n\r\nGET /two HTTP/1.1\r\nHost: g\r\n\r\n");
  EXPECT_EQ(client.answer().body, "/one");
  EXPECT_EQ(client.answer().body, "/two");
}

TEST(Server, NeverReadsABodyAsARequest) {
  ServerUnderTest server(echo);
  Client client(server.port());
  const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: g\r\n\r\n";
  client.send("PUT /a HTTP/1.1\r\nHost: g\r\nContent-Length: " + std::to_string(hidden.size()) +
              "\r\n\r\n" + hidden);
  EXPECT_EQ(client.answer().body, "/a");
  client.read_to_end();
  EXPECT_EQ(client.rest(), "");
}

TEST(Server, StreamsABodyOfUnknownSizeInChunks) {
  const std::string text = pattern(3'000'000);
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<ScriptedBody>(outcome, text));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().body, text);
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{true, text.size(), text.size()}));
}

TEST(Server, GoesOnAfterAStreamOnTheSameConnection) {
  const std::string text = pattern(700'000);
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    Response response = stream_response(std::make_unique<ScriptedBody>(outcome, text));
    response.size_bytes = text.size();
    return response;
  });
  Client client(server.port());
  for (int i = 0; i < 20; ++i) {
    client.request("GET / HTTP/1.1");
    ASSERT_EQ(client.answer().body, text);
  }
}

TEST(Server, SendsFilesAmongOtherBytes) {
  const std::string head = pattern(10'000);
  const std::string file = pattern(3'000'000);
  const std::string whole = head + file + head + file + head;
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request& request, const Peer&) {
    Response response =
        stream_response(std::make_unique<FilesBody>(outcome, head, file, std::size_t{2}));
    if (request.target == "/sized") response.size_bytes = whole.size();
    return response;
  });
  Client client(server.port());
  for (const std::string target : {"/sized", "/chunked", "/sized"}) {
    client.request("GET " + target + " HTTP/1.1");
    ASSERT_TRUE(client.answer().body == whole) << target;
    EXPECT_EQ(outcome.get().bytes_sent, whole.size());
  }
}

TEST(Server, ServesManyClientsAtOnce) {
  const std::string text = pattern(900'000);
  std::vector<BodyOutcome> outcomes(8);
  ServerUnderTest server([&](const Request& request, const Peer&) {
    auto& outcome = outcomes.at(std::stoul(request.target.substr(1)));
    return stream_response(std::make_unique<ScriptedBody>(outcome, text));
  });
  std::vector<std::future<bool>> clients;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    clients.push_back(std::async(std::launch::async, [&, i] {
      Client client(server.port());
      client.request("GET /" + std::to_string(i) + " HTTP/1.1");
      return client.answer().body == text;
    }));
  }
  for (auto& client : clients) EXPECT_TRUE(client.get());
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get().complete);
}

TEST(Server, StreamsToHttp10UntilItCloses) {
  const std::string text = pattern(600'000);
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<ScriptedBody>(outcome, text));
  });
  Client client(server.port());
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.answer().headers.contains("transfer-encoding"), false);
  EXPECT_EQ(client.read_to_end(), Ending::proper);
  EXPECT_EQ(client.rest(), text);
}

TEST(Server, AnswersHeadWithoutABodyAndRecordsThatNothingLeft) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<ScriptedBody>(outcome, "hello"));
  });
  Client client(server.port());
  client.request("HEAD / HTTP/1.1");
  EXPECT_EQ(client.answer(Client::Expect::head_only).headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{true, 0, 0, true}));
  client.request("HEAD / HTTP/1.1");
  EXPECT_EQ(client.answer(Client::Expect::head_only).status, 200);
}

TEST(Server, TearsTheConnectionWhenTheBodyFails) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(
        std::make_unique<ScriptedBody>(outcome, pattern(2'000'000), ScriptedBody::End::throws));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_FALSE(client.rest().ends_with("0\r\n\r\n"));
  const auto value = outcome.get();
  EXPECT_FALSE(value.complete);
  EXPECT_LT(value.bytes_sent, 2'000'000u);
}

TEST(Server, AnswersWithAStatusWhenTheBodyFailsBeforeItsFirstByte) {
  for (const bool is_short : {false, true}) {
    BodyOutcome outcome;
    ServerUnderTest server([&](const Request&, const Peer&) {
      const auto end = is_short ? ScriptedBody::End::proper : ScriptedBody::End::throws;
      Response response = stream_response(std::make_unique<ScriptedBody>(outcome, "hello", end));
      if (is_short) response.size_bytes = 6;
      return response;
    });
    Client client(server.port());
    client.request("GET / HTTP/1.1");
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("hello"), std::string::npos);
    EXPECT_EQ(client.read_to_end(), Ending::proper);
    EXPECT_EQ(outcome.get(), (BodyOutcome::Value{false, 0, 5}));
    EXPECT_EQ(outcome.times(), 1);
  }
}

TEST(Server, TearsTheConnectionWhenTheBodyIsShorterThanPromised) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    Response response =
        stream_response(std::make_unique<ScriptedBody>(outcome, pattern(2'000'000)));
    response.size_bytes = 2'000'001;
    return response;
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_FALSE(outcome.get().complete);
}

TEST(Server, AnswersWithAConstant500WhenTheHandlerFails) {
  ServerUnderTest server(
      [](const Request&, const Peer&) -> Response { throw std::runtime_error("Yamada^Taro"); });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("Yamada"), std::string::npos);
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().status, 500);
}

TEST(Server, AnswersWith503WhenTheHandlerCannotAnswerNow) {
  ServerUnderTest server([](const Request&, const Peer&) -> Response { throw Unavailable(); });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().status, 503);
}

/// A clock that fails once: what throws where nobody expects it to.
class FailingClock {
 public:
  explicit FailingClock(int good_times) : good_times_(good_times) {}
  core::Clock clock() {
    return [this] {
      if (good_times_-- == 0) throw std::bad_alloc();
      return core::Time(std::chrono::seconds(1'700'000'000));
    };
  }

 private:
  std::atomic<int> good_times_;
};

TEST(Server, LosesNoPlaceWhereAWorkersStepThrows) {
  FailingClock failing(1);
  BodyOutcome outcome;
  ServerUnderTest server(
      [&](const Request& request, const Peer&) {
        if (request.target != "/fails") return text_response(request.target);
        return stream_response(std::make_unique<ScriptedBody>(outcome, "hello"));
      },
      {}, nullptr, failing.clock());
  Client client(server.port());
  client.request("GET /good HTTP/1.1");
  EXPECT_EQ(client.answer().status, 200);
  client.request("GET /fails HTTP/1.1");
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{false, 0, 0}));
  Client next(server.port());
  next.request("GET /good HTTP/1.1", "Connection: close\r\n");
  EXPECT_EQ(next.answer().status, 200);
  next.read_to_end();
  server.server().close(std::chrono::seconds(60));
  EXPECT_EQ(server.server().connections(), 0);
}

TEST(Server, LosesNoPlaceWhereAStepOfTheLoopThrows) {
  FailingClock failing(0);
  ServerUnderTest server(echo, {}, nullptr, failing.clock());
  Client client(server.port());
  client.send("nonsense\r\n\r\n");  // refused without a worker
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  Client next(server.port());
  next.request("GET / HTTP/1.1");
  EXPECT_EQ(next.answer().status, 200);
  server.server().close(std::chrono::seconds(60));
  EXPECT_EQ(server.server().connections(), 0);
}

TEST(Server, ClosesAConnectionWhoseHeadIsSlow) {
  Server::Settings settings;
  settings.limits.header = milliseconds(50);
  ServerUnderTest server(echo, settings);
  Client silent(server.port());
  Client slow(server.port());
  slow.send("GET / HTTP/1.1\r\nHost: g\r\n");
  EXPECT_EQ(silent.read_to_end(), Ending::proper);
  EXPECT_NE(slow.read_to_end(), Ending::open);
}

TEST(Server, GivesASecondRequestNoMoreTimeForItsHead) {
  Server::Settings settings;
  settings.limits.header = milliseconds(50);
  ServerUnderTest server(echo, settings);
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().status, 200);
  client.send("GET / HT");
  EXPECT_NE(client.read_to_end(), Ending::open);
}

TEST(Server, ClosesAnIdleConnection) {
  Server::Settings settings;
  settings.limits.idle = milliseconds(50);
  ServerUnderTest server(echo, settings);
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(client.read_to_end(), Ending::proper);
}

TEST(Server, CutsAClientThatDoesNotReadAndMasksNothingAheadOfIt) {
  Server::Settings settings;
  settings.limits.stalled_write = milliseconds(200);
  BodyOutcome outcome;
  ServerUnderTest server(
      [&](const Request&, const Peer&) {
        return stream_response(std::make_unique<EndlessBody>(outcome));
      },
      settings);
  Client client(server.port(), Client::ReceiveBuffer::tiny);
  client.request("GET / HTTP/1.1");
  const auto value = outcome.get();
  EXPECT_FALSE(value.complete);
  // What the kernel took and the two blocks of the connection, no more.
  EXPECT_LE(value.bytes_read - value.bytes_sent, 2 * settings.block_bytes);
  EXPECT_EQ(client.read_to_end(), Ending::torn);
}

TEST(Server, CutsARunningStreamWhenItsShareIsRevoked) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<EndlessBody>(outcome));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  while (client.rest().size() < 1'000'000) ASSERT_TRUE(client.read_some());
  outcome.revoke();
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_FALSE(outcome.get().complete);
}

TEST(Server, CutsAStalledStreamWhenItsShareIsRevoked) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<EndlessBody>(outcome));
  });
  Client client(server.port(), Client::ReceiveBuffer::tiny);
  client.request("GET / HTTP/1.1");
  ASSERT_TRUE(client.read_some(1));
  outcome.revoke();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(outcome.get().complete);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST(Server, RecordsThatAClientWentAway) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<EndlessBody>(outcome));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  ASSERT_TRUE(client.read_some(1));
  client.vanish();
  const auto value = outcome.get();
  EXPECT_FALSE(value.complete);
  EXPECT_GT(value.bytes_sent, 0u);
}

TEST(Server, AcceptsNoMoreConnectionsThanAllowed) {
  Server::Settings settings;
  settings.limits.connections = 2;
  ServerUnderTest server(echo, settings);
  Client first(server.port());
  Client second(server.port());
  for (Client* client : {&first, &second}) {
    client->request("GET / HTTP/1.1");
    ASSERT_EQ(client->answer().status, 200);
  }
  Client third(server.port());
  EXPECT_NE(third.read_to_end(), Ending::open);
  first.request("GET / HTTP/1.1", "Connection: close\r\n");
  EXPECT_EQ(first.answer().status, 200);
}

TEST(Server, AnswersWith503WhenTooManyRequestsWait) {
  Server::Settings settings;
  settings.limits.workers = 1;
  settings.limits.waiting_requests = 1;
  std::promise<void> begun;
  std::promise<void> release;
  const auto released = release.get_future().share();
  ServerUnderTest server(
      [&](const Request& request, const Peer&) {
        if (request.target == "/held") {
          begun.set_value();
          released.wait();
        }
        return text_response(request.target);
      },
      settings);
  Client held(server.port());
  held.request("GET /held HTTP/1.1");
  begun.get_future().wait();
  // One of the two waits, the other is turned away: which, depends on the threads.
  Client a(server.port());
  Client b(server.port());
  a.request("GET /a HTTP/1.1");
  b.request("GET /b HTTP/1.1");
  std::future<int> status_a = std::async(std::launch::async, [&] { return a.answer().status; });
  std::future<int> status_b = std::async(std::launch::async, [&] { return b.answer().status; });
  const auto moment = milliseconds(1);
  while (status_a.wait_for(moment) != std::future_status::ready &&
         status_b.wait_for(moment) != std::future_status::ready) {
  }
  release.set_value();
  EXPECT_EQ(status_a.get() + status_b.get(), 200 + 503);
  EXPECT_EQ(held.answer().body, "/held");
}

std::string account_in_header(const Request& request, const Peer&) {
  return std::string(request.field("account"));
}

TEST(Server, ServesOthersAtTheSameAddressWhileOneAccountHasAllThatItMayHold) {
  constexpr int kMost = 3;  // of four
  Server::Settings settings;
  settings.limits.workers = 4;
  settings.account_of = account_in_header;
  std::atomic<int> begun{0};
  std::promise<void> release;
  const auto released = release.get_future().share();
  ServerUnderTest server(
      [&](const Request& request, const Peer&) {
        if (request.target == "/held") {
          ++begun;
          begun.notify_all();
          released.wait();
        }
        return text_response(request.target);
      },
      settings);
  std::vector<std::unique_ptr<Client>> greedy;
  for (int i = 0; i < 2 * kMost; ++i) {
    greedy.push_back(std::make_unique<Client>(server.port()));
    greedy.back()->request("GET /held HTTP/1.1", "Account: greedy\r\n");
  }
  for (int now = begun; now < kMost; now = begun) begun.wait(now);
  Client modest(server.port());
  for (const char* account : {"Account: modest\r\n", ""}) {
    modest.request("GET /modest HTTP/1.1", account);
    EXPECT_EQ(modest.answer().body, "/modest");
  }
  EXPECT_EQ(begun, kMost);
  release.set_value();
  for (auto& client : greedy) EXPECT_EQ(client->answer().status, 200);
}

TEST(Server, AnswersWhoeverItCannotFindTheAccountOf) {
  Server::Settings settings;
  settings.account_of = [](const Request&, const Peer&) -> std::string {
    throw std::runtime_error("the store of recipients");
  };
  ServerUnderTest server(echo, settings);
  Client client(server.port());
  client.request("GET /all-the-same HTTP/1.1");
  EXPECT_EQ(client.answer().body, "/all-the-same");
}

TEST(Server, RunsItsChore) {
  std::promise<void> ran;
  std::once_flag once;
  std::vector<Listener> none;
  Server::Settings settings;
  settings.chore_interval = milliseconds(1);
  Server server(
      std::move(none), settings, echo, [&] { std::call_once(once, [&] { ran.set_value(); }); },
      core::system_clock(), [](core::Severity, std::string_view) {});
  EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace sekisho::http
