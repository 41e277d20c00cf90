// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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

/// One line of a head.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// What every answer says, whatever it is.
std::span<const Field> constant_fields();
/// What a browser is held to by an answer that is `content`, besides.
std::span<const Field> fields_of(Content content);
/// "Cache-Control" of an answer that may be kept so, where nothing else speaks against it.
std::string_view cache_control(Caching caching);

/// The head of an answer, its empty line included (RFC 9112 §2.1). No value can end its line: a
/// control character in one goes out as a space (RFC 9110 §5.5).
std::string response_head(const Response& response, const std::string& request_id,
                          const AnswerFraming& framing, Persistence persistence, core::Time now);

}  // namespace sekisho::http
