// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/cookie.h"

#include <algorithm>
#include <stdexcept>

#include "http/characters.h"
#include "http/request.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kPrefix = "__Host-";

/// cookie-octet (RFC 6265 §4.1.1).
constexpr bool is_cookie_octet(char c) {
  return is_visible(c) && c != '"' && c != ',' && c != ';' && c != '\\';
}

constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly";
constexpr std::string_view kStrict = "; SameSite=Strict";
constexpr std::string_view kLax = "; SameSite=Lax";

std::string max_age_attribute(std::chrono::seconds max_age) {
  return "; Max-Age=" + std::to_string(max_age.count());
}

}  // namespace

SetCookie::SetCookie(std::string_view name, std::string_view value) {
  if (!name.starts_with(kPrefix) || name.size() == kPrefix.size() || !is_token(name)) {
    throw std::invalid_argument("a cookie's name must begin with __Host- and be a token");
  }
  if (!std::ranges::all_of(value, is_cookie_octet)) {
    throw std::invalid_argument("a cookie's value has a character that none may have");
  }
  text_.append(name).append("=").append(value);
  text_ += kAttributes;
  text_ += kStrict;
}

SetCookie::SetCookie(std::string_view name, std::string_view value, std::chrono::seconds max_age)
    : SetCookie(name, value) {
  if (max_age.count() <= 0) throw std::invalid_argument("a cookie must live for a while");
  text_ += max_age_attribute(max_age);
}

SetCookie SetCookie::for_arrivals(std::string_view name, std::string_view value,
                                  std::chrono::seconds max_age) {
  SetCookie cookie(name, value, max_age);
  cookie.text_.replace(cookie.text_.rfind(kStrict), kStrict.size(), kLax);
  return cookie;
}

SetCookie SetCookie::forgotten(std::string_view name) {
  SetCookie cookie(name, "");
  cookie.text_ += max_age_attribute(std::chrono::seconds(0));  // RFC 6265 §5.2.2
  return cookie;
}

std::optional<std::string> cookie_of(const Request& request, std::string_view name) {
  std::optional<std::string> found;
  for (const auto& [field, value] : request.fields) {
    if (field != "cookie") continue;
    // cookie-string (RFC 6265 §4.2.1): pairs between semicolons.
    for (std::string_view rest = value; !rest.empty();) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
      if (found) return std::nullopt;
      found = trimmed(pair.substr(equals + 1));
    }
  }
  return found;
}

}  // namespace sekisho::http
