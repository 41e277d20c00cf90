// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/log.h"
#include "core/network.h"
#include "core/time.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/listening_socket.h"
#include "http/tls.h"

namespace sekisho::http {

/// A socket to accept from.
struct Listener {
  Descriptor socket;
  SSL_CTX* tls = nullptr;  ///< null: in clear; outlives the server
  /// Who comes from there is a proxy and says ahead of everything whom it speaks for (ProxyHeader).
  /// It is believed, and served no other way. From others no such word is taken.
  std::vector<core::Network> proxies{};
};

/// HTTP/1.1 on sockets that listen already: 2 I/O threads that never block and a pool of workers
/// that call the handler. Knows nothing of shares. Accepts from construction to close().
class Server {
 public:
  struct Settings {
    Limits limits;
    std::size_t block_bytes = 256 * 1024;  ///< one per streaming connection
    std::chrono::milliseconds chore_interval{60'000};
    AccountOf account_of;  ///< accounts take turns at the workers; empty: sites do
    BodyGate body_gate;    ///< empty: requests with a body get 404
    Finish finish;         ///< empty: answers are sent as they are
    /// Whether somebody is expected from there: a quarter of the places is theirs alone. Asked by
    /// the I/O threads for each connection over TLS: never blocks. Empty: nobody is, and none is.
    std::function<bool(const core::IpAddress&)> is_known;
    std::filesystem::path spool_directory = "/var/tmp";
  };
  /// `chore` is run by a worker at every interval. Throws std::system_error when a thread or
  /// descriptor cannot be had.
  Server(std::vector<Listener> listeners, const Settings& settings, Handler handler,
         std::function<void()> chore, core::Clock clock, core::Log report);
  /// Closes at once.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Accepts nothing more, closes idle connections, lets answers end until `patience` is over and
  /// cuts the rest: what waits for a worker is not begun, handlers that run are asked to stop
  /// (Request::stop) and waited for. Then no thread of the server is left. One thread, any number
  /// of times.
  void close(std::chrono::milliseconds patience);
  /// Any thread.
  int connections() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::http
