// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sekisho::http {

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
  /// Over TLS, from one IPv4 address or IPv6 /64. What exceeds either is closed when accepted.
  int connections_per_address = 64;
  int workers = 8;
  int waiting_requests = 256;  ///< of one account, for a worker; what exceeds it gets 503
  std::uint64_t body_bytes = 1ULL << 30;  ///< of one request
  // On disk, of requests that arrive or are being answered.
  std::uint64_t spool_bytes = 8ULL << 30;
  std::uint64_t spool_bytes_per_recipient = 2ULL << 30;
  std::uint64_t spool_bytes_left_free = 256ULL << 20;  ///< of the file system, for others
};

}  // namespace sekisho::http
