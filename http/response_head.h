// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.h"
#include "http/request.h"
#include "http/response.h"

namespace sekisho::http {

/// How the end of an answer's body is told.
struct AnswerFraming {
  enum class Kind { none, length, chunked, until_close };
  Kind kind = Kind::length;
  std::uint64_t length = 0;  ///< of kind `length`
};

/// The head of an answer, its empty line included (RFC 9112 §2.1). No value can end its line: a
/// control character in one goes out as a space (RFC 9110 §5.5).
std::string response_head(const Response& response, const std::string& request_id,
                          const AnswerFraming& framing, Persistence persistence, core::Time now);

}  // namespace sekisho::http
