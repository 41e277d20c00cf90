// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/digest.h"
#include "core/network.h"
#include "core/stored_file.h"
#include "dicomweb/reply.h"

namespace sekisho::gateway {

enum class Method { get, head, post, other };
enum class Version { http_1_0, http_1_1 };
enum class Persistence { keep_alive, close };

/// A request as it arrived: read and judged by parse_request(), not yet authenticated.
/// How the end of a request's body is told.
enum class BodyFraming { none, length, chunked };

struct HttpRequest {
  Method method = Method::other;
  Version version = Version::http_1_1;
  Persistence persistence = Persistence::close;
  std::string id;  ///< made by the server, 32 hexadecimal digits
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;                         ///< of framing `length`
  std::optional<core::StoredFile> body;                     ///< once it was received
  std::string target;                                       ///< origin-form (RFC 9112 §3.2.1)
  std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case, as ordered

  /// All fields of this (lower-case) name joined with ", " (RFC 9110 §5.2); empty if there is none.
  std::string field(std::string_view name) const;
};

/// Who is at the other end of a connection, by the socket and the TLS handshake alone.
struct Peer {
  core::IpAddress source;
  std::optional<core::Sha256> certificate;  ///< its key was proven in the handshake
};

/// An answer as the connection sends it: a text, or a stream of bytes that is pulled.
struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;
  std::unique_ptr<dicomweb::Body> body;
  std::optional<std::uint64_t> size_bytes;  ///< of `body`, where it is known
};

/// What a handler throws when it cannot answer now, and perhaps can later: 503. Whatever else it
/// throws is 500.
class Unavailable : public std::exception {};

/// What stands behind the sockets. Called by any worker thread; blocks as it likes.
using Handler = std::function<HttpResponse(const HttpRequest&, const Peer&)>;
/// Of a request whose body has not been read yet: how many bytes of it are taken, or the answer
/// that it gets instead. Runs on a worker.
using BodyGate =
    std::function<std::variant<std::uint64_t, HttpResponse>(const HttpRequest&, const Peer&)>;

HttpResponse to_response(dicomweb::Reply reply);

}  // namespace sekisho::gateway
