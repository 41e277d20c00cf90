// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "http/listening_socket.h"
#include "http/tls.h"
#include "unit/http/certificates.h"

namespace sekisho::tests {

/// What came back for one request.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< with chunks put together
};

/// How a connection ended, as the client sees it.
enum class Ending {
  proper,  ///< FIN; over TLS after close_notify
  torn,    ///< reset, or over TLS without close_notify
  open,    ///< nothing more came within 10 s
};

/// One blocking connection that sends whatever bytes a test wants. No call waits longer than 10 s.
class Client {
 public:
  enum class ReceiveBuffer { usual, tiny };
  explicit Client(std::uint16_t port, ReceiveBuffer buffer = ReceiveBuffer::usual);
  explicit Client(const std::filesystem::path& unix_socket);

  struct Tls {
    int max_version = TLS1_3_VERSION;
    int min_version = TLS1_VERSION;
    const char* suites = nullptr;  ///< of TLS 1.2 and before
    std::string alpn{};            ///< "h2", "http/1.1"; empty: none offered
    const Credential* certificate = nullptr;
    const Credential* sent_along = nullptr;  ///< whose certificate goes behind it
    SSL_SESSION* resume = nullptr;
  };
  /// Shakes hands. False if that failed.
  bool start_tls(const Tls& wish);
  SSL* ssl() { return ssl_.get(); }

  /// False if the other side does not take it any more.
  bool send(std::string_view bytes);
  /// Sends a request line, Host, `headers` and the empty line.
  bool request(std::string_view line, std::string_view headers = {});
  /// Reads one answer; `head_only` for the answer to HEAD. status 0 if the connection ended before.
  enum class Expect { body, head_only };
  Answer answer(Expect expect = Expect::body);
  /// Reads until the connection ends. What came is in `rest()`.
  Ending read_to_end();
  const std::string& rest() const { return buffer_; }
  /// Reads what is there, at most `limit` bytes more.
  bool read_some(std::size_t limit = 65536);
  /// Goes away without a word.
  void vanish();

 private:
  bool read_until(std::string_view delimiter, std::string& into);
  bool read_exactly(std::size_t count, std::string& into);

  http::Descriptor socket_;
  http::SslContext context_;
  http::Ssl ssl_;
  std::string buffer_;
  Ending ending_ = Ending::open;
};

}  // namespace sekisho::tests
