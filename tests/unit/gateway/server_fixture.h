// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/http_server.h"
#include "unit/gateway/bodies.h"
#include "unit/gateway/client.h"

namespace sekisho::tests {

/// A server on a free loopback port around one handler.
class ServerUnderTest {
 public:
  explicit ServerUnderTest(gateway::Handler handler, gateway::HttpServer::Settings settings = {},
                           SSL_CTX* tls = nullptr) {
    std::vector<gateway::Listener> listeners;
    listeners.push_back({gateway::listen_on("127.0.0.1", 0, "Gateway"), tls});
    port_ = gateway::port_of(listeners.back().socket);
    server_ = std::make_unique<gateway::HttpServer>(
        std::move(listeners), settings, std::move(handler), [] {},
        [] { return core::Time(std::chrono::seconds(1'700'000'000)); },
        [](core::Severity, std::string_view) {});
  }
  std::uint16_t port() const { return port_; }
  gateway::HttpServer& server() { return *server_; }

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<gateway::HttpServer> server_;
};

inline gateway::HttpResponse text_response(std::string text) {
  gateway::HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.text = std::move(text);
  return response;
}

inline gateway::HttpResponse stream_response(std::unique_ptr<dicomweb::Body> body) {
  gateway::HttpResponse response;
  response.headers.emplace_back("Content-Type", "application/octet-stream");
  response.body = std::move(body);
  return response;
}

/// Answers with the request's own target.
inline gateway::HttpResponse echo(const gateway::HttpRequest& request, const gateway::Peer&) {
  return text_response(request.target);
}

}  // namespace sekisho::tests
