// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/bio.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "core/bytes.h"
#include "http/client_socket.h"

namespace sekisho::http {

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;

/// What lies below TLS: OpenSSL reads straight from the socket, and what it writes is gathered
/// until flush(), so that the many records of a block are one send(2). Never moves; one thread at a
/// time.
class TlsTransport {
 public:
  /// The descriptor belongs to the caller and outlives this.
  explicit TlsTransport(int descriptor) : descriptor_(descriptor) {}
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;
  ~TlsTransport() = default;

  /// What an SSL reads from and writes to; must not outlive this. Writing to it never blocks.
  /// Throws std::runtime_error when OpenSSL cannot.
  Bio make_bio();
  /// Expects records of about as many bytes in all.
  void expect(std::size_t bytes) { gathered_.reserve(gathered_.size() + bytes); }
  /// Sends what was gathered: `done` when all of it is with the kernel, and then no memory is held.
  Io flush();
  /// How many records the kernel has taken whole since the last call, of those that are not all
  /// sent: what the other side has of any other, it cannot read.
  std::size_t take_sent_records();

 private:
  friend struct TlsTransportCalls;

  const int descriptor_;
  std::vector<core::Byte> gathered_;
  std::size_t sent_ = 0;     // of gathered_
  std::size_t counted_ = 0;  // of gathered_, up to where a record ends
};

}  // namespace sekisho::http
