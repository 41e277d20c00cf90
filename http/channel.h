// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/bytes.h"
#include "core/x509.h"
#include "http/client_socket.h"
#include "http/tls.h"
#include "http/tls_transport.h"

namespace sekisho::http {

/// Bytes through a non-blocking socket, in clear or through TLS. An idle connection holds no
/// buffers. One thread at a time.
class Channel {
 public:
  /// In clear. The descriptor belongs to the caller and outlives this.
  explicit Channel(int descriptor) : descriptor_(descriptor) {}
  /// Through TLS. Throws std::runtime_error when OpenSSL cannot.
  Channel(int descriptor, SSL_CTX& context);

  /// `done` at once in clear.
  Io handshake();
  IoResult read(std::span<core::Byte> into);
  /// Through TLS up to 256 KiB of `from` are encrypted at once, and what is counted are whole
  /// records with the kernel, whatever the outcome: the next call is for the rest of the same
  /// bytes.
  IoResult write(core::ByteView from, More more = More::none);
  /// Whether send_file() may be called: in clear.
  bool sends_files() const { return !ssl_; }
  /// Bytes of a file without a copy of them in between. Blocks on the disk.
  IoResult send_file(int file, std::uint64_t offset, std::uint64_t size_bytes);
  /// Says properly that nothing more will be sent.
  void end_writing();
  /// Reads below TLS: ahead of its handshake, or what is to be dropped behind the end.
  IoResult read_below_tls(std::span<core::Byte> into);

  /// The client's certificate and what came with it, once the handshake is done; null without one.
  std::shared_ptr<const core::CertificateChain> peer_certificate() const;

 private:
  IoResult outcome(int result, std::size_t bytes);
  Io flush();

  int descriptor_;
  std::unique_ptr<TlsTransport> transport_;
  Ssl ssl_;
  std::size_t encrypted_bytes_ = 0;  // what write() was given and has not counted
  bool broken_ = false;              // no close_notify after a fatal error (SSL_shutdown(3))
};

}  // namespace sekisho::http
