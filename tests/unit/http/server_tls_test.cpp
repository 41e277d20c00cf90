// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/encoding.h"
#include "core/x509.h"
#include "unit/http/server_fixture.h"

namespace sekisho::http {
namespace {

using std::chrono::milliseconds;
using tests::BodyOutcome;
using tests::Client;
using tests::Credential;
using tests::echo;
using tests::Ending;
using tests::EndlessBody;
using tests::make_credential;
using tests::ScriptedBody;
using tests::server_context;
using tests::ServerUnderTest;
using tests::stream_response;
using tests::text_response;

/// Answers with the fingerprint that the handshake proved.
Response who(const Request&, const Peer& peer) {
  return text_response(peer.certificate ? core::to_hex(*peer.certificate) : "nobody");
}

class OverTls : public testing::Test {
 protected:
  SslContext context_ = server_context();
};

TEST_F(OverTls, SpeaksTls12And13) {
  ServerUnderTest server(echo, {}, context_.get());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client(server.port());
    ASSERT_TRUE(client.start_tls({.max_version = version}));
    EXPECT_EQ(SSL_version(client.ssl()), version);
    client.request("GET /hello HTTP/1.1");
    EXPECT_EQ(client.answer().body, "/hello");
  }
}

TEST_F(OverTls, RefusesWhatBcp195DoesNotAllow) {
  ServerUnderTest server(echo, {}, context_.get());
  EXPECT_FALSE(Client(server.port()).start_tls({.max_version = TLS1_1_VERSION}));
  for (const char* suite : {"ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "NULL"}) {
    EXPECT_FALSE(Client(server.port()).start_tls({.max_version = TLS1_2_VERSION, .suites = suite}))
        << suite;
  }
}

TEST_F(OverTls, KnowsTheClientsCertificateByItsFingerprint) {
  const Credential clinic = make_credential({.common_name = "clinic", .alternative_names = ""});
  ServerUnderTest server(who, {}, context_.get());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client(server.port());
    ASSERT_TRUE(client.start_tls({.max_version = version, .certificate = &clinic}));
    client.request("GET / HTTP/1.1");
    EXPECT_EQ(client.answer().body, core::to_hex(clinic.fingerprint()));
  }
}

TEST_F(OverTls, HandsOnWhatTheClientSentAlongWithItsCertificate) {
  const Credential authority = make_credential({.common_name = "region", .authority = true});
  const Credential clinic =
      make_credential({.common_name = "clinic", .alternative_names = ""}, &authority);
  const auto tell = [](const Request&, const Peer& peer) {
    if (!peer.chain) return text_response("nobody");
    std::string told = core::to_hex(peer.chain->fingerprint());
    for (const auto& each : peer.chain->sent_along()) {
      told += ' ' + core::text_of(X509_get_subject_name(each.get()));
    }
    return text_response(told);
  };
  ServerUnderTest server(tell, {}, context_.get());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client(server.port());
    ASSERT_TRUE(client.start_tls(
        {.max_version = version, .certificate = &clinic, .sent_along = &authority}));
    client.request("GET / HTTP/1.1");
    EXPECT_EQ(client.answer().body, core::to_hex(clinic.fingerprint()) + " CN=region");
  }
}

TEST_F(OverTls, NamesTheAuthoritiesOfTheMomentAsItAsksForACertificate) {
  const Credential region = make_credential({.common_name = "region"});
  auto named = std::make_shared<const std::vector<core::Bytes>>();
  const AuthorityNames names = [&] { return named; };
  name_authorities(*context_, names);
  ServerUnderTest server(who, {}, context_.get());
  const auto names_seen = [&](int version) {
    Client client(server.port());
    EXPECT_TRUE(client.start_tls({.max_version = version}));
    client.request("GET / HTTP/1.1");
    EXPECT_EQ(client.answer().body, "nobody");
    const STACK_OF(X509_NAME)* seen = SSL_get0_peer_CA_list(client.ssl());
    std::string texts;
    for (int i = 0; i < sk_X509_NAME_num(seen); ++i) {
      texts += core::text_of(sk_X509_NAME_value(seen, i)) + ';';
    }
    return texts;
  };
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) EXPECT_EQ(names_seen(version), "");
  unsigned char* der = nullptr;
  const int size = i2d_X509_NAME(X509_get_subject_name(region.certificate.get()), &der);
  const core::Bytes subject(der, der + size);
  OPENSSL_free(der);
  named = std::make_shared<const std::vector<core::Bytes>>(2, subject);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_EQ(names_seen(version), "CN=region;CN=region;");
  }
}

TEST_F(OverTls, DemandsNoClientCertificate) {
  ServerUnderTest server(who, {}, context_.get());
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({}));
  client.request("GET / HTTP/1.1");
  EXPECT_EQ(client.answer().body, "nobody");
}

TEST_F(OverTls, ResumesNoSessionSoThatEachConnectionProvesItsCertificate) {
  const Credential clinic = make_credential({.common_name = "clinic", .alternative_names = ""});
  ServerUnderTest server(who, {}, context_.get());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client first(server.port());
    ASSERT_TRUE(first.start_tls({.max_version = version, .certificate = &clinic}));
    first.request("GET / HTTP/1.1");
    EXPECT_EQ(first.answer().status, 200);
    SSL_SESSION* session = SSL_get1_session(first.ssl());
    Client second(server.port());
    ASSERT_TRUE(second.start_tls({.max_version = version, .resume = session}));
    EXPECT_EQ(SSL_session_reused(second.ssl()), 0);
    second.request("GET / HTTP/1.1");
    EXPECT_EQ(second.answer().body, "nobody");
    SSL_SESSION_free(session);
  }
}

TEST_F(OverTls, AgreesOnHttp11AndOnNothingElse) {
  ServerUnderTest server(echo, {}, context_.get());
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({.alpn = "http/1.1"}));
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  EXPECT_FALSE(Client(server.port()).start_tls({.alpn = "h2"}));
}

TEST_F(OverTls, RefusesToRenegotiate) {
  ServerUnderTest server(echo, {}, context_.get());
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({.max_version = TLS1_2_VERSION}));
  SSL_renegotiate(client.ssl());
  const bool renegotiated = SSL_do_handshake(client.ssl()) == 1 && client.read_some();
  EXPECT_FALSE(renegotiated);
}

TEST_F(OverTls, StreamsEveryByte) {
  std::string text(5'000'000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  BodyOutcome outcome;
  ServerUnderTest server(
      [&](const Request&, const Peer&) {
        return stream_response(std::make_unique<ScriptedBody>(outcome, text));
      },
      {}, context_.get());
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({}));
  client.request("GET / HTTP/1.1", "Connection: close\r\n");
  EXPECT_EQ(client.answer().body, text);
  EXPECT_EQ(client.read_to_end(), Ending::proper);
  EXPECT_EQ(outcome.get(), (BodyOutcome::Value{true, text.size(), text.size()}));
}

TEST_F(OverTls, CutsWithoutSayingGoodbye) {
  BodyOutcome outcome;
  ServerUnderTest server(
      [&](const Request&, const Peer&) {
        return stream_response(std::make_unique<EndlessBody>(outcome));
      },
      {}, context_.get());
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({}));
  client.request("GET / HTTP/1.1");
  while (client.rest().size() < 1'000'000) ASSERT_TRUE(client.read_some());
  outcome.revoke();
  EXPECT_EQ(client.read_to_end(), Ending::torn);
  EXPECT_FALSE(outcome.get().complete);
}

TEST_F(OverTls, CutsAStalledReader) {
  Server::Settings settings;
  settings.limits.stalled_write = milliseconds(200);
  BodyOutcome outcome;
  ServerUnderTest server(
      [&](const Request&, const Peer&) {
        return stream_response(std::make_unique<EndlessBody>(outcome));
      },
      settings, context_.get());
  Client client(server.port(), Client::ReceiveBuffer::tiny);
  ASSERT_TRUE(client.start_tls({}));
  client.request("GET / HTTP/1.1");
  const auto value = outcome.get();
  EXPECT_FALSE(value.complete);
  EXPECT_LE(value.bytes_read - value.bytes_sent, 2 * settings.block_bytes);
}

TEST_F(OverTls, EndsAHandshakeThatIsSlow) {
  Server::Settings settings;
  settings.limits.handshake = milliseconds(50);
  ServerUnderTest server(echo, settings, context_.get());
  Client client(server.port());
  EXPECT_NE(client.read_to_end(), Ending::open);
}

TEST_F(OverTls, AnswersNothingToPlainHttp) {
  ServerUnderTest server(echo, {}, context_.get());
  Client client(server.port());
  client.request("GET / HTTP/1.1");
  client.read_to_end();
  EXPECT_EQ(client.rest().find("HTTP"), std::string::npos);
}

TEST_F(OverTls, AcceptsNoMoreConnectionsOfOneAddressThanAllowed) {
  Server::Settings settings;
  settings.limits.connections_per_address = 2;
  ServerUnderTest server(echo, settings, context_.get());
  Client first(server.port());
  Client second(server.port());
  ASSERT_TRUE(first.start_tls({}));
  ASSERT_TRUE(second.start_tls({}));
  EXPECT_FALSE(Client(server.port()).start_tls({}));
}

TEST_F(OverTls, ServesWhoComesWhenSilentConnectionsHaveTakenAllPlaces) {
  Server::Settings settings;
  settings.limits.connections = 4;
  ServerUnderTest server(echo, settings, context_.get());
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 4; ++i) silent.push_back(std::make_unique<Client>(server.port()));
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({}));
  client.request("GET /hello HTTP/1.1");
  EXPECT_EQ(client.answer().body, "/hello");
  EXPECT_NE(silent.front()->read_to_end(), Ending::open) << "the oldest made room";
}

TEST_F(OverTls, SendsNobodyAwayWhoseHandshakeIsDone) {
  Server::Settings settings;
  settings.limits.connections = 1;
  ServerUnderTest server(echo, settings, context_.get());
  Client client(server.port());
  ASSERT_TRUE(client.start_tls({}));
  client.request("GET /one HTTP/1.1");
  EXPECT_EQ(client.answer().body, "/one");
  EXPECT_FALSE(Client(server.port()).start_tls({}));
  client.request("GET /two HTTP/1.1");
  EXPECT_EQ(client.answer().body, "/two");
}

TEST_F(OverTls, KeepsAQuarterOfThePlacesForThoseItKnows) {
  std::atomic<bool> is_known{false};
  Server::Settings settings;
  settings.limits.connections = 4;
  settings.is_known = [&](const core::IpAddress&) { return is_known.load(); };
  ServerUnderTest server(echo, settings, context_.get());
  std::vector<std::unique_ptr<Client>> strangers;
  for (int i = 0; i < 3; ++i) {
    strangers.push_back(std::make_unique<Client>(server.port()));
    ASSERT_TRUE(strangers.back()->start_tls({}));
    strangers.back()->request("GET / HTTP/1.1");
    ASSERT_EQ(strangers.back()->answer().status, 200);
  }
  EXPECT_FALSE(Client(server.port()).start_tls({}));
  is_known = true;
  Client known(server.port());
  EXPECT_TRUE(known.start_tls({}));
}

}  // namespace
}  // namespace sekisho::http
