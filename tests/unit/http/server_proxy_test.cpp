// SPDX-License-Identifier: GPL-3.0-or-later
// Behind a TCP proxy that says whose each connection is.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/mutex.h"
#include "support/addresses.h"
#include "unit/http/proxy_headers.h"
#include "unit/http/server_fixture.h"

namespace sekisho::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using tests::address;
using tests::Client;
using tests::Ending;
using tests::header_for;
using tests::health_check_header;
using tests::server_context;
using tests::ServerUnderTest;
using tests::text_response;

/// Answers with the address that counts.
Response where_from(const Request&, const Peer& peer) { return text_response(peer.source.text()); }

class BehindAProxy : public testing::Test {
 protected:
  /// A server for which whoever connects in this test is a proxy.
  ServerUnderTest& server(const Server::Settings& settings = {}) {
    return with_proxies_at("127.0.0.1/32", settings);
  }
  ServerUnderTest& with_proxies_at(std::string_view network, const Server::Settings& settings) {
    server_ = std::make_unique<ServerUnderTest>(
        where_from, settings, context_.get(), ServerUnderTest::at_a_fixed_time(),
        std::vector{tests::network(network)}, [this](core::Severity, std::string_view text) {
          const core::MutexLock lock(mutex_);
          reported_.emplace_back(text);
        });
    return *server_;
  }
  std::vector<std::string> reported() {
    const core::MutexLock lock(mutex_);
    return reported_;
  }

  /// Somebody at `source`, as the proxy says; null where the handshake does not come to its end.
  std::unique_ptr<Client> client_at(const std::string& source) {
    auto client = std::make_unique<Client>(server_->port());
    if (!client->send(header_for(source)) || !client->start_tls({})) return nullptr;
    return client;
  }

 private:
  const SslContext context_ = server_context();
  core::Mutex mutex_;
  std::vector<std::string> reported_ SEKISHO_GUARDED_BY(mutex_);
  std::unique_ptr<ServerUnderTest> server_;  // last: it reports
};

std::string source_told_by(Client& client) {
  client.request("GET / HTTP/1.1");
  return client.answer().body;
}

TEST_F(BehindAProxy, TheClientIsWhomTheProxyNames) {
  server();
  for (const std::string source : {"10.20.0.7", "2001:db8::7"}) {
    const auto client = client_at(source);
    ASSERT_TRUE(client) << source;
    EXPECT_EQ(source_told_by(*client), source);
    EXPECT_EQ(source_told_by(*client), source) << "and stays it";
  }
}

TEST_F(BehindAProxy, AHeaderMayComeByteByByte) {
  Client client(server().port());
  for (const char byte : header_for("10.20.0.7")) ASSERT_TRUE(client.send({&byte, 1}));
  ASSERT_TRUE(client.start_tls({}));
  EXPECT_EQ(source_told_by(client), "10.20.0.7");
}

TEST_F(BehindAProxy, WhatStandsBehindTheHeaderIsTheClientsEvenIfItLooksLikeAnother) {
  Client client(server().port());
  client.send(header_for("10.20.0.7") + header_for("10.20.0.8"));
  EXPECT_NE(client.read_to_end(), Ending::open) << "no handshake of TLS begins like this";
}

TEST_F(BehindAProxy, NobodyElseCanSayWhoTheyAre) {
  with_proxies_at("127.0.0.2/32", {});
  EXPECT_FALSE(client_at("10.20.0.7"));
  EXPECT_TRUE(reported().empty()) << "it is no proxy that is set up wrongly";
}

TEST_F(BehindAProxy, WhoComesStraightIsServedAsBefore) {
  Client client(with_proxies_at("127.0.0.2/32", {}).port());
  ASSERT_TRUE(client.start_tls({}));
  EXPECT_EQ(source_told_by(client), "127.0.0.1");
}

TEST_F(BehindAProxy, AProxyThatDoesNotSayForWhomIsNotServedAndTheOperatorLearnsItOnce) {
  const std::uint16_t port = server().port();
  EXPECT_FALSE(Client(port).start_tls({}));
  Client version_1(port);
  version_1.send("PROXY TCP4 10.20.0.7 10.20.0.1 49153 443\r\n");
  EXPECT_NE(version_1.read_to_end(), Ending::open);
  ASSERT_EQ(reported().size(), 1U);
  EXPECT_NE(reported().front().find("127.0.0.1 sent no header"), std::string::npos)
      << reported().front();
}

TEST_F(BehindAProxy, AHealthCheckComesAndGoesUnnoticed) {
  const std::uint16_t port = server().port();
  {
    Client check(port);
    check.send(health_check_header());
  }
  Client check(port);
  check.send(health_check_header());
  ASSERT_TRUE(check.start_tls({}));
  EXPECT_EQ(source_told_by(check), "127.0.0.1") << "it is the proxy's own";
  EXPECT_TRUE(reported().empty());
}

TEST_F(BehindAProxy, ASlowProxyIsCutWhereverItStops) {
  Server::Settings settings;
  settings.limits.handshake = milliseconds(50);
  const std::uint16_t port = server(settings).port();
  const std::string header = header_for("10.20.0.7");
  for (const std::size_t size : {std::size_t{0}, std::size_t{15}, std::size_t{16}, header.size()}) {
    Client client(port);
    client.send(header.substr(0, size));
    EXPECT_NE(client.read_to_end(), Ending::open) << size;
  }
}

TEST_F(BehindAProxy, EachClientHasItsOwnPlacesAndNotTheProxys) {
  Server::Settings settings;
  settings.limits.connections_per_address = 2;
  server(settings);
  std::vector<std::unique_ptr<Client>> served;
  for (const char* source :
       {"10.20.0.7", "10.20.0.7", "10.20.0.8", "10.20.0.8", "2001:db8::1", "2001:db8::2"}) {
    served.push_back(client_at(source));
    EXPECT_TRUE(served.back()) << source;
  }
  EXPECT_FALSE(client_at("10.20.0.7")) << "a third of one address";
  EXPECT_FALSE(client_at("2001:db8::3")) << "a third of one /64";
  served.clear();
  EXPECT_TRUE(client_at("10.20.0.9"));
}

TEST_F(BehindAProxy, PlacesAreKeptForTheNetworksOfRecipients) {
  Server::Settings settings;
  settings.limits.connections = 4;
  settings.is_known = [](const core::IpAddress& source) { return source == address("10.20.0.7"); };
  server(settings);
  std::vector<std::unique_ptr<Client>> strangers;
  for (int i = 1; i <= 3; ++i) {
    strangers.push_back(client_at("192.0.2." + std::to_string(i)));
    ASSERT_TRUE(strangers.back());
  }
  EXPECT_FALSE(client_at("192.0.2.4"));
  EXPECT_TRUE(client_at("10.20.0.7"));
}

TEST_F(BehindAProxy, ConnectionsThatTheProxyKeepsSilentOnTakeNobodysPlace) {
  Server::Settings settings;
  settings.limits.connections = 4;
  settings.limits.connections_per_address = 2;
  ServerUnderTest& under_test = server(settings);
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 70; ++i) silent.push_back(std::make_unique<Client>(under_test.port()));
  std::vector<std::unique_ptr<Client>> served;
  for (int i = 1; i <= 4; ++i) {
    served.push_back(client_at("10.20.0." + std::to_string(i)));
    EXPECT_TRUE(served.back()) << i;
  }
  EXPECT_NE(silent.front()->read_to_end(), Ending::open) << "the oldest made room";
}

TEST_F(BehindAProxy, AHandshakeThatNeverEndsLosesItsPlaceThroughAProxyToo) {
  Server::Settings settings;
  settings.limits.connections = 2;
  ServerUnderTest& under_test = server(settings);
  Client first(under_test.port());
  first.send(header_for("192.0.2.1"));
  Client second(under_test.port());
  second.send(header_for("192.0.2.2"));
  EXPECT_TRUE(client_at("10.20.0.7"));
  EXPECT_TRUE(client_at("10.20.0.8"));
}

TEST_F(BehindAProxy, ClosingDoesNotWaitForASilentProxy) {
  ServerUnderTest& under_test = server();
  Client silent(under_test.port());
  const auto begin = steady_clock::now();
  under_test.server().close(std::chrono::seconds(60));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_NE(silent.read_to_end(), Ending::open);
}

}  // namespace
}  // namespace sekisho::http
