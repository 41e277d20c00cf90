// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "core/log.h"
#include "core/time.h"
#include "dicomweb/service.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"

namespace sekisho::gateway {

/// Where to listen with TLS.
struct TlsListener {
  std::string address;                      ///< the VPN address
  std::uint16_t port = 0;                   ///< 0: any free one, see Gateway::tls_port()
  std::filesystem::path certificate_chain;  ///< PEM
  std::filesystem::path private_key;        ///< PEM
};

/// Where to listen without TLS, for a TLS proxy on the same machine: a loopback address or a unix
/// socket, nothing else. The source of every request is then the proxy (a unix socket counts as
/// 127.0.0.1), and no forwarded header is read: recipients who come this way need the proxy's
/// address among their networks. No limit per address applies here.
struct PlainListener {
  std::string address;  ///< "127.0.0.1", "::1"; empty with a socket
  std::uint16_t port = 0;
  std::filesystem::path unix_socket;
};

/// `handshake`, `header` and `idle` end a connection that is late; `stalled_write` one that takes
/// none of its answer's bytes for so long, `stalled_read` one that sends none of its body's.
struct Limits {
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds header{10'000};
  std::chrono::milliseconds idle{30'000};
  std::chrono::milliseconds stalled_write{60'000};
  std::chrono::milliseconds stalled_read{30'000};
  std::size_t header_bytes = 16 * 1024;
  int connections = 1024;
  int connections_per_address = 64;  ///< over TLS; what exceeds either is closed when accepted
  int workers = 8;
  int waiting_requests = 1024;            ///< for a worker; what exceeds it is answered with 503
  std::uint64_t body_bytes = 1ULL << 30;  ///< of one request
};

struct Options {
  std::optional<TlsListener> tls;
  std::optional<PlainListener> plain;
  std::string public_url;  ///< "https://share.hospital.example": what stands in answers
  /// Where bodies of more than a megabyte lie while they are received, in files without a name.
  std::filesystem::path spool_directory = "/var/tmp";
  Limits limits;
};

/// What the gateway works on; all of it outlives the gateway.
struct Ports {
  dicomweb::Service& dicomweb;
  const sharing::RecipientStore& recipients;
  const sharing::ShareStore& shares;
  audit::AuditLog& log;
  core::Clock clock;
  core::Log report;
  /// Asked before each request: while it says no, all of them are answered with 503. Empty: yes.
  std::function<bool()> may_serve{};
};

/// The recipient door: HTTP/1.1 over TLS 1.2 and 1.3 on its own sockets. open() and close() belong
/// to one thread; the rest may be called by any. Trouble while it is open ends single requests
/// (500; 503 when the audit log cannot be written), never the door.
class Gateway {
 public:
  Gateway(Options options, Ports ports);
  /// Closes at once.
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Listens when it returns. Throws std::runtime_error with a text for staff when it cannot:
  /// a certificate that is missing, expired or not the key's, an address that is not there. May be
  /// called again after close(), which reads the certificate anew.
  void open();
  /// Takes no new request, lets running ones end until `deadline` has passed, then cuts the rest.
  /// On return no thread of the gateway runs any more.
  void close(std::chrono::milliseconds deadline);

  bool is_open() const;
  /// The ports bound, for listeners configured with port 0; 0 where there is no such listener.
  std::uint16_t tls_port() const;
  std::uint16_t plain_port() const;
  int connections() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::gateway
