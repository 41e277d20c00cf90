// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/bytes.h"

namespace sekisho::http {

// All that is done with the connected, non-blocking socket of a client, by its descriptor: what
// stands in for client_socket.cpp decides what arrives and what goes wrong, below TLS too. One
// thread at a time, unless it says otherwise.

/// How far one attempt at a non-blocking socket came.
enum class Io {
  done,
  wants_read,   ///< again when the socket can be read
  wants_write,  ///< again when it can be written
  ended,        ///< the other side closed properly
  failed,
};
struct IoResult {
  Io io = Io::failed;
  std::size_t bytes = 0;
};
/// Whether the socket may wait for what comes right behind, and send both in one packet.
enum class More { none, at_once };

IoResult receive(int socket, std::span<core::Byte> into);
IoResult send(int socket, core::ByteView from, More more);
/// Bytes of a file without a copy of them in between. Blocks on the disk.
IoResult send_file(int socket, int file, std::uint64_t offset, std::uint64_t size_bytes);

/// From now on small packets do not wait for each other.
void send_at_once(int socket);
/// Says that nothing more will be sent.
void end_sending(int socket);
/// Whether the other side has closed, read or not. Any thread.
bool has_other_side_closed(int socket);
/// Tells the client at once that this connection has no proper end, and leaves the descriptor to
/// who has it. Any thread.
void reset(int socket);
/// The same, when the descriptor is closed: no client takes it for the end of a body.
void reset_when_closed(int socket);

}  // namespace sekisho::http
