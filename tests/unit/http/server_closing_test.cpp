// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "unit/http/server_fixture.h"

namespace sekisho::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::BodyOutcome;
using tests::Client;
using tests::echo;
using tests::Ending;
using tests::EndlessBody;
using tests::HeldBody;
using tests::ServerUnderTest;
using tests::stream_response;
using tests::text_response;

TEST(Closing, EndsIdleConnectionsAtOnceAndListensNoMore) {
  ServerUnderTest server(echo);
  Client idle(server.port());
  idle.request("GET / HTTP/1.1");
  EXPECT_EQ(idle.answer().status, 200);
  server.server().close(seconds(60));
  EXPECT_EQ(idle.read_to_end(), Ending::proper);
  EXPECT_EQ(server.server().connections(), 0);
  EXPECT_ANY_THROW(Client(server.port()));
}

TEST(Closing, EndsAHalfSentRequest) {
  ServerUnderTest server(echo);
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().status, 200);
  client.send("GET / HT");
  server.server().close(seconds(60));
  EXPECT_NE(client.read_to_end(), Ending::open);
}

TEST(Closing, LetsARunningAnswerEnd) {
  BodyOutcome outcome;
  std::promise<void> release;
  ServerUnderTest server([&, released = release.get_future().share()](const Request&, const Peer&) {
    return stream_response(std::make_unique<HeldBody>(outcome, released));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  ASSERT_TRUE(client.read_some(1));
  auto closed = std::async(std::launch::async, [&] { server.server().close(seconds(60)); });
  release.set_value();
  EXPECT_EQ(client.read_to_end(), Ending::proper);
  EXPECT_TRUE(client.rest().ends_with("\r\n0\r\n\r\n"));
  closed.get();
  EXPECT_TRUE(outcome.get().complete);
}

TEST(Closing, LetsARunningHandlerAnswerAndSaysThatItCloses) {
  std::promise<void> begun;
  std::promise<void> release;
  ServerUnderTest server([&, released = release.get_future().share()](const Request&, const Peer&) {
    begun.set_value();
    released.wait();
    return text_response("late");
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  begun.get_future().wait();
  Client idle(server.port());
  auto closed = std::async(std::launch::async, [&] { server.server().close(seconds(60)); });
  idle.read_to_end();  // from now on it drains
  release.set_value();
  const auto answer = client.answer();
  EXPECT_EQ(answer.body, "late");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  closed.get();
}

TEST(Closing, CutsAnAnswerThatDoesNotEndInTime) {
  BodyOutcome outcome;
  ServerUnderTest server([&](const Request&, const Peer&) {
    return stream_response(std::make_unique<EndlessBody>(outcome));
  });
  Client client(server.port(), Client::ReceiveBuffer::tiny);
  client.request("GET / HTTP/1.1");
  ASSERT_TRUE(client.read_some(1));
  server.server().close(milliseconds(50));
  EXPECT_EQ(outcome.times(), 1);
  EXPECT_FALSE(outcome.get().complete);
  EXPECT_EQ(client.read_to_end(), Ending::torn);
}

TEST(Closing, WaitsForAHandlerThatStillRuns) {
  BodyOutcome outcome;
  std::promise<void> begun;
  std::promise<void> release;
  ServerUnderTest server([&, released = release.get_future().share()](const Request&, const Peer&) {
    begun.set_value();
    released.wait();
    return stream_response(std::make_unique<EndlessBody>(outcome));
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  begun.get_future().wait();
  auto closed = std::async(std::launch::async, [&] { server.server().close(milliseconds(0)); });
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_EQ(outcome.times(), 0);
  release.set_value();
  closed.get();
  EXPECT_EQ(outcome.times(), 1);
  EXPECT_FALSE(outcome.get().complete);
}

/// Waits until it is asked to stop, at most 10 s.
bool is_asked_to_stop(const Request& request) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, request.stop, seconds(10), [] { return false; });
  return request.stop.stop_requested();
}

TEST(Closing, AsksAHandlerThatStillRunsToStop) {
  std::promise<void> begun;
  std::atomic<bool> was_asked{false};
  ServerUnderTest server([&](const Request& request, const Peer&) {
    begun.set_value();
    was_asked = is_asked_to_stop(request);
    return text_response("late");
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  begun.get_future().wait();
  server.server().close(milliseconds(50));
  EXPECT_TRUE(was_asked);
  EXPECT_EQ(client.read_to_end(), Ending::torn);
}

TEST(Closing, LetsAHandlerWorkUntilItsTimeIsOver) {
  std::promise<void> begun;
  std::promise<void> release;
  std::atomic<bool> was_asked{true};
  ServerUnderTest server(
      [&, released = release.get_future().share()](const Request& request, const Peer&) {
        begun.set_value();
        released.wait();
        was_asked = request.stop.stop_requested();
        return text_response("in time");
      });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  begun.get_future().wait();
  Client idle(server.port());
  auto closed = std::async(std::launch::async, [&] { server.server().close(seconds(60)); });
  idle.read_to_end();  // from now on it drains
  release.set_value();
  EXPECT_EQ(client.answer().body, "in time");
  EXPECT_FALSE(was_asked);
  closed.get();
}

TEST(Closing, BeginsNothingForWhomItHasCut) {
  Server::Settings settings;
  settings.limits.workers = 1;
  std::promise<void> begun;
  std::atomic<int> answered{0};
  ServerUnderTest server(
      [&](const Request& request, const Peer&) {
        if (++answered == 1) begun.set_value();
        is_asked_to_stop(request);
        return text_response("late");
      },
      settings);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<Client>(server.port()));
    clients.back()->request("GET / HTTP/1.1");
  }
  begun.get_future().wait();
  server.server().close(milliseconds(50));
  EXPECT_EQ(answered, 1);
}

TEST(Closing, MayHappenTwiceAndInTheDestructor) {
  ServerUnderTest server(echo);
  server.server().close(milliseconds(0));
  server.server().close(milliseconds(0));
}

TEST(Closing, RecordsEveryOutcomeUnderLoad) {
  constexpr int kClients = 16;
  std::vector<BodyOutcome> outcomes(kClients);
  ServerUnderTest server([&](const Request& request, const Peer&) {
    return stream_response(
        std::make_unique<EndlessBody>(outcomes.at(std::stoul(request.target.substr(1)))));
  });
  std::vector<std::future<Ending>> clients;
  std::atomic<int> started{0};
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(std::async(std::launch::async, [&, i] {
      Client client(server.port());
      client.request("GET /" + std::to_string(i) + " HTTP/1.1");
      client.read_some(1);
      ++started;
      return client.read_to_end();
    }));
  }
  while (started < kClients) std::this_thread::yield();
  server.server().close(milliseconds(20));
  for (auto& client : clients) EXPECT_EQ(client.get(), Ending::torn);
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.times(), 1);
}

// ---- clients that go ----

TEST(Clients, WhoGoAwayAreNotWorkedForAnyLonger) {
  std::promise<bool> was_asked;
  ServerUnderTest server([&](const Request& request, const Peer&) {
    was_asked.set_value(is_asked_to_stop(request));
    return text_response("late");
  });
  {
    Client client(server.port());
    client.request("GET / HTTP/1.1");
  }
  EXPECT_TRUE(was_asked.get_future().get());
}

TEST(Clients, WhoWaitAreWorkedForHoweverLongItTakes) {
  std::atomic<bool> was_asked{true};
  ServerUnderTest server([&](const Request& request, const Peer&) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    // Longer than it takes to see that somebody has gone.
    was_asked = changed.wait_for(lock, request.stop, seconds(2),
                                 [&] { return request.stop.stop_requested(); });
    return text_response("in time");
  });
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().body, "in time");
  EXPECT_FALSE(was_asked);
}

}  // namespace
}  // namespace sekisho::http
