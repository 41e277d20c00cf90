// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <variant>

#include "core/digest.h"
#include "core/network.h"
#include "http/request.h"
#include "http/response.h"

namespace sekisho::http {

/// Who is at the other end of a connection, by the socket and the TLS handshake alone.
struct Peer {
  core::IpAddress source;
  std::optional<core::Sha256> certificate;  ///< its key was proven in the handshake
};

/// What a handler throws when it cannot answer now, and perhaps can later: 503. Whatever else it
/// throws is 500.
class Unavailable : public std::exception {};

/// What stands behind the sockets. Called by any worker thread; blocks as it likes.
using Handler = std::function<Response(const Request&, const Peer&)>;
/// Of a request whose body has not been read yet: how many bytes of it are taken, or the answer
/// that it gets instead. Runs on a worker.
using BodyGate = std::function<std::variant<std::uint64_t, Response>(const Request&, const Peer&)>;

}  // namespace sekisho::http
