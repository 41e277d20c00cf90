// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/stored_file.h"

namespace sekisho::http {

enum class Method { get, head, post, erase, options, other };
enum class Version { http_1_0, http_1_1 };
enum class Persistence { keep_alive, close };

/// How the end of a request's body is told.
enum class BodyFraming { none, length, chunked };

/// A request as it arrived: read and judged by parse_request(), not yet authenticated.
struct Request {
  Method method = Method::other;
  Version version = Version::http_1_1;
  Persistence persistence = Persistence::close;
  std::string id;  ///< made by the server, 32 hexadecimal digits
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;                         ///< of framing `length`
  std::optional<core::StoredFile> body;                     ///< once it was received
  std::string target;                                       ///< origin-form (RFC 9112 §3.2.1)
  std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case, as ordered

  /// Requested when nobody waits for the answer any more: work that takes long looks at it between
  /// its steps, and ends.
  std::stop_token stop;

  /// All fields of this (lower-case) name joined with ", " (RFC 9110 §5.2); empty if there is none.
  std::string field(std::string_view name) const;
};

}  // namespace sekisho::http
