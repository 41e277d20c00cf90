// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/server.h"
#include "unit/http/bodies.h"
#include "unit/http/client.h"

namespace sekisho::tests {

/// A server on a free loopback port around one handler.
class ServerUnderTest {
 public:
  explicit ServerUnderTest(
      http::Handler handler, http::Server::Settings settings = {}, SSL_CTX* tls = nullptr,
      core::Clock clock = at_a_fixed_time(), std::vector<core::Network> proxies = {},
      core::Log report = [](core::Severity, std::string_view) {}) {
    std::vector<http::Listener> listeners;
    listeners.push_back({http::listen_on("127.0.0.1", 0, "Gateway"), tls, std::move(proxies)});
    port_ = http::port_of(listeners.back().socket);
    server_ = std::make_unique<http::Server>(
        std::move(listeners), settings, std::move(handler), [] {}, std::move(clock),
        std::move(report));
  }
  std::uint16_t port() const { return port_; }
  http::Server& server() { return *server_; }

  static core::Clock at_a_fixed_time() {
    return [] { return core::Time(std::chrono::seconds(1'700'000'000)); };
  }

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<http::Server> server_;
};

/// The identity of a server that no client in these tests verifies.
inline http::SslContext server_context() {
  const TemporaryDirectory directory;
  const Credential server = make_credential({});
  return std::move(
      http::load_tls_identity(
          {write_file(directory, "chain.pem", server.certificate_pem()), "Certificate"},
          {write_file(directory, "key.pem", server.key_pem()), "PrivateKey"}, "",
          core::system_clock()())
          .context);
}

inline http::Response text_response(std::string text) {
  return http::text_response(200, "text/plain", std::move(text));
}

inline http::Response stream_response(std::unique_ptr<http::Body> body) {
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = std::move(body);
  return response;
}

/// Answers with the request's own target.
inline http::Response echo(const http::Request& request, const http::Peer&) {
  return text_response(request.target);
}

}  // namespace sekisho::tests
