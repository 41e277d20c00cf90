// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/digest.h"
#include "core/network.h"
#include "http/request.h"
#include "http/response.h"

namespace sekisho::core {
class CertificateChain;
}

namespace sekisho::http {

/// Who is at the other end of a connection, by the socket and the TLS handshake alone; where a
/// configured proxy is at the socket's other end, by what that says.
struct Peer {
  core::IpAddress source;
  std::optional<core::Sha256> certificate;  ///< its key was proven in the handshake
  /// The same certificate, with what was sent along; null where there is none.
  std::shared_ptr<const core::CertificateChain> chain{};
};

/// What a handler throws when it cannot answer now, and perhaps can later: 503. Whatever else it
/// throws is 500.
class Unavailable : public std::exception {};

/// On whose account a request is, before anything of it is done; empty: nobody's who is known, and
/// then it is on that of the site it comes from. Runs on a worker; takes a moment.
using AccountOf = std::function<std::string(const Request&, const Peer&)>;
/// What stands behind the sockets. Called by any worker thread; blocks as it likes.
using Handler = std::function<Response(const Request&, const Peer&)>;
/// How much of a body is taken, and whose it is: what all bodies of one sender have taken is
/// counted together.
struct BodyAdmission {
  std::uint64_t limit_bytes = 0;
  std::string sender;
};
/// Of a request whose body has not been read yet: what is taken of it, or the answer that it gets
/// instead. Runs on a worker.
using BodyGate = std::function<std::variant<BodyAdmission, Response>(const Request&, const Peer&)>;

/// What every answer gets before it is sent, those that no handler made too. Called by any thread
/// of the server: never blocks. Of a request that was refused unread only fields are there, if any.
using Finish = std::function<void(Response&, const Request&)>;

}  // namespace sekisho::http
