// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/server.h"

#include <charconv>
#include <chrono>
#include <stdexcept>
#include <variant>

#include "http/handler.h"
#include "http/listening_socket.h"
#include "http/server.h"

namespace sekisho::witness {
namespace {

using http::Request;
using http::Response;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kPath = "/add-checkpoint";
// 63 hashes are 3 KB; the rest is for a checkpoint that many have signed.
constexpr std::uint64_t kBodyBytes = 64 * 1024;
constexpr seconds kPatience{5};

/// Few logs, one request a minute each: the rest is noise.
http::Limits limits() {
  http::Limits limits;
  limits.handshake = seconds(10);
  limits.header = seconds(10);
  limits.idle = seconds(120);  // longer than a log's interval: its connection is kept
  limits.stalled_read = seconds(10);
  limits.stalled_write = seconds(10);
  limits.header_bytes = 16 * 1024;
  limits.connections = 128;
  limits.connections_per_address = 16;
  limits.workers = 2;
  limits.waiting_requests = 64;
  limits.body_bytes = kBodyBytes;
  return limits;
}

Response to_response(const Answer& answer) {
  return http::text_response(answer.status, answer.content_type, answer.body);
}

/// The answer to a request for anything but kPath.
std::optional<Response> misdirected(const Request& request) {
  if (request.target != kPath) return to_response({404, "text/plain", "not found\n"});
  if (request.method == http::Method::post) return std::nullopt;
  Response response = to_response({405, "text/plain", "POST only\n"});
  response.headers.emplace_back("Allow", "POST");
  return response;
}

std::string content_of(const std::optional<core::StoredFile>& body) {
  if (!body) return {};
  std::string content(body->size_bytes(), '\0');
  body->read(0, {reinterpret_cast<core::Byte*>(content.data()), content.size()});
  return content;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view ip = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (ip.starts_with('[') && ip.ends_with(']')) {
    ip = ip.substr(1, ip.size() - 2);
  } else if (ip.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  Address address{std::string(ip), 0};
  const char* const end = port.data() + port.size();
  const auto [stopped, error] = std::from_chars(port.data(), end, address.port);
  if (ip.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return address;
}

Server::Server(Witness& witness, const Address& address, const std::optional<TlsFiles>& tls,
               const core::Clock& clock, const core::Log& report) {
  if (tls) {
    auto identity = http::load_tls_identity({tls->certificate_chain, "--certificate"},
                                            {tls->private_key, "--key"}, "", clock());
    if (!identity.remark.empty()) report(core::Severity::warning, identity.remark);
    tls_ = std::move(identity.context);
  } else if (!http::is_loopback(address.ip)) {
    throw std::runtime_error(address.ip +
                             " is no loopback address: give --certificate and --key, or listen on "
                             "127.0.0.1 behind a TLS proxy");
  }
  std::vector<http::Listener> listeners;
  listeners.push_back({http::listen_on(address.ip, address.port, "--listen"), tls_.get()});
  port_ = http::port_of(listeners.back().socket);
  http::Server::Settings settings;
  settings.limits = limits();
  settings.body_gate = [](const Request& request, const http::Peer& peer) {
    std::variant<http::BodyAdmission, Response> verdict =
        http::BodyAdmission{kBodyBytes, peer.source.text()};
    if (auto refusal = misdirected(request)) verdict = *std::move(refusal);
    return verdict;
  };
  const auto handler = [&witness](const Request& request, const http::Peer&) {
    if (auto refusal = misdirected(request)) return *std::move(refusal);
    return to_response(witness.add_checkpoint(content_of(request.body)));
  };
  server_ =
      std::make_unique<http::Server>(std::move(listeners), settings, handler, [] {}, clock, report);
}

Server::~Server() { server_->close(milliseconds(kPatience)); }

}  // namespace sekisho::witness
