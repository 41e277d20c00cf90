// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::http {

struct Request;

/// A Set-Cookie field as every cookie of ours is set: for this host alone, over TLS alone, unseen
/// by scripts and, but for those of for_arrivals(), not sent along from other sites. The name's
/// prefix has browsers hold that (draft-ietf-httpbis-rfc6265bis §4.1.3.2). A value; any thread.
class SetCookie {
 public:
  /// Lives as long as the browser's session. `name` must begin with "__Host-", `value` is of the
  /// characters that RFC 6265 §4.1.1 has. Throws std::invalid_argument.
  SetCookie(std::string_view name, std::string_view value);
  /// Lives for `max_age`, longer than none.
  SetCookie(std::string_view name, std::string_view value, std::chrono::seconds max_age);
  /// The same, sent along too as a page of another site leads the browser here
  /// (draft-ietf-httpbis-rfc6265bis §5.6.7.1, "Lax").
  static SetCookie for_arrivals(std::string_view name, std::string_view value,
                                std::chrono::seconds max_age);
  /// Has the browser forget it.
  static SetCookie forgotten(std::string_view name);

  /// The value of the field.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The value of the cookie of this name; `nullopt` where the request has none, or two, of which
/// somebody else has set one.
std::optional<std::string> cookie_of(const Request& request, std::string_view name);

}  // namespace sekisho::http
