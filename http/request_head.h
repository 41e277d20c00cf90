// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "http/request.h"

namespace sekisho::http {

/// Finds where the head of a request ends, in bytes that arrive piece by piece. Each byte is looked
/// at once. Refuses at the first byte that no request may have: control characters, a CR or an LF
/// that stands alone. One empty line before it is no part of it (RFC 9112 §2.2).
class HeadScanner {
 public:
  enum class State { incomplete, complete, malformed };
  /// `arrived` is everything since the request began; it only grows between calls.
  State scan(std::string_view arrived);
  /// Where it begins: behind the empty line, if there is one.
  std::size_t head_begin() const { return begin_; }
  /// Bytes up to and including the line that ends it, once complete.
  std::size_t head_bytes() const { return position_; }
  void restart() { position_ = begin_ = 0; }

 private:
  std::size_t position_ = 0;
  std::size_t begin_ = 0;
};

/// Why a request is not even looked at. `reason` is a constant for the operator's log.
struct Refusal {
  int status = 400;
  std::string_view reason;
  /// Of the request, as far as they were read: to answer by, not to act on.
  decltype(Request::fields) fields{};
};

/// Fields of which a second one, or one behind the body, could be the one that somebody else obeys:
/// what frames, routes or authenticates (RFC 9110 §6.5.1).
bool is_decisive(std::string_view lower_case_name);

/// Reads one request head that HeadScanner found complete. Refuses every shape that a proxy in
/// front could understand differently than we do (RFC 9112 §11.2); tests/unit/http/lawful_test.cpp
/// lists what passes and what does not. An absolute-form target becomes the origin-form that it
/// stands for. Pure. The request's id is left empty.
std::variant<Request, Refusal> parse_request(std::string_view head);

}  // namespace sekisho::http
