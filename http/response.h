// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/body.h"

namespace sekisho::http {

/// An answer as the connection sends it: a text, or a stream of bytes that is pulled.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;
  std::unique_ptr<Body> body;
  std::optional<std::uint64_t> size_bytes;  ///< of `body`, where it is known
};

/// What an answer with this status says: what every reader of the standard knows of the status,
/// nothing of the request. JSON, the same bytes each time.
Response error_response(int status);

}  // namespace sekisho::http
