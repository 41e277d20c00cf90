// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "gateway/options.h"
#include "gateway/ports.h"

namespace sekisho::gateway {

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
  /// a certificate that is missing, expired or not the key's, authorities of clients that cannot be
  /// used, an address that is not there. May be called again after close(), which reads the files
  /// anew.
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
