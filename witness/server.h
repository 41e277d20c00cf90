// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/log.h"
#include "http/tls.h"
#include "witness/witness.h"

namespace sekisho::http {
class Server;
}

namespace sekisho::witness {

/// Where the witness is to be found.
struct Address {
  std::string ip;
  std::uint16_t port = 0;  ///< 0: any free one
  /// "127.0.0.1:8443", "[::1]:8443".
  static std::optional<Address> parse(std::string_view text);
};

struct TlsFiles {
  std::filesystem::path certificate_chain;  ///< --certificate: PEM
  std::filesystem::path private_key;        ///< --key: PEM
};

/// `POST /add-checkpoint` over HTTP/1.1, and nothing else. Listens while it lives. One thread.
class Server {
 public:
  /// In clear only on a loopback address. Throws std::runtime_error with a text for the operator.
  Server(Witness& witness, const Address& address, const std::optional<TlsFiles>& tls,
         const core::Clock& clock, const core::Log& report);
  /// Lets running answers end.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  http::SslContext tls_;
  std::uint16_t port_ = 0;
  std::unique_ptr<http::Server> server_;
};

}  // namespace sekisho::witness
