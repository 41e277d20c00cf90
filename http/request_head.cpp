// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "http/characters.h"

namespace sekisho::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t kMaxTarget = 8000;  // RFC 9110 §4.1 asks for at least that
constexpr std::size_t kMaxFields = 100;

constexpr std::array<std::string_view, 4> kDecisive = {"authorization", "content-length", "host",
                                                       "transfer-encoding"};

/// uri-host [":" port] (RFC 9110 §7.2) without the characters that would end an authority.
bool is_host(std::string_view value) {
  constexpr std::string_view kPunctuation = ".-_~:[]%";
  return !value.empty() && std::all_of(value.begin(), value.end(), [&](char c) {
    return is_digit(c) || is_letter(c) || kPunctuation.find(c) != std::string_view::npos;
  });
}

std::string_view request_line_of(std::string_view head) { return head.substr(0, head.find('\r')); }

/// What only the raw bytes show: the parser unfolds and trims before one can look.
std::optional<Refusal> check_lines(std::string_view head) {
  const std::string_view request_line = request_line_of(head);
  if (std::count(request_line.begin(), request_line.end(), ' ') != 2 ||
      request_line.find('\t') != std::string_view::npos) {
    return Refusal{400, "white space in the request line"};
  }
  for (std::size_t i = head.find('\n'); i + 1 < head.size(); i = head.find('\n', i + 1)) {
    if (head[i + 1] == ' ' || head[i + 1] == '\t') return Refusal{400, "folded header field"};
  }
  return std::nullopt;
}

/// "https://host/path?query" becomes "/path?query" (RFC 9112 §3.2.2). We serve one host, whatever
/// it is called, but a Host that names another one is a request for two (§3.2).
std::optional<Refusal> take_absolute_form(Request& request) {
  constexpr std::string_view kBehindScheme = "://";
  const std::string_view target = request.target;
  const auto colon = target.find(kBehindScheme);
  if (colon == std::string_view::npos) return Refusal{400, "target in no known form"};
  const std::string_view scheme = target.substr(0, colon);
  if (!equal_ignoring_case(scheme, "https") && !equal_ignoring_case(scheme, "http")) {
    return Refusal{400, "target of another scheme"};
  }
  const std::string_view rest = target.substr(colon + kBehindScheme.size());
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  // User information too (RFC 9110 §4.2.4).
  if (!is_host(authority)) return Refusal{400, "malformed authority in the target"};
  const std::string host = request.field("host");
  if (!host.empty() && !equal_ignoring_case(host, authority)) {
    return Refusal{400, "Host is not the target's"};
  }
  const std::string_view path = rest.substr(end);
  request.target = (path.starts_with('/') ? "" : "/") + std::string(path);
  return std::nullopt;
}

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::delete_:
      return Method::erase;
    case beast_http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

/// Origin-form, absolute-form, and for OPTIONS the asterisk (RFC 9112 §3.2). Authority-form is for
/// proxies, and we are none.
std::optional<Refusal> check_target(Request& request, beast_http::verb verb) {
  if (request.target == "*" && verb == beast_http::verb::options) return std::nullopt;
  if (!request.target.starts_with('/')) {
    if (auto refusal = take_absolute_form(request)) return refusal;
  }
  if (request.target.find('#') != std::string::npos) {
    return Refusal{400, "fragment in the target"};
  }
  return std::nullopt;
}

std::optional<Refusal> check_repetition(const Request& request) {
  for (std::string_view name : kDecisive) {
    const auto times = std::count_if(request.fields.begin(), request.fields.end(),
                                     [&](const auto& field) { return field.first == name; });
    if (times > 1) return Refusal{400, "repeated header field"};
    if (name == "host" && times == 0 && request.version == Version::http_1_1) {
      return Refusal{400, "no Host"};  // RFC 9112 §3.2
    }
  }
  return std::nullopt;
}

/// Where does this request end? (RFC 9112 §6.) Of the methods that we serve only POST has a body;
/// the connection of any other that brings one is closed, so that what follows is never read as a
/// request.
std::optional<Refusal> check_framing(Request& request) {
  const std::string length = request.field("content-length");
  const std::string coding = request.field("transfer-encoding");
  const auto has = [&](std::string_view name) {
    return std::any_of(request.fields.begin(), request.fields.end(),
                       [&](const auto& field) { return field.first == name; });
  };
  const bool has_length = has("content-length");
  const bool has_coding = has("transfer-encoding");
  if (has_length && has_coding) return Refusal{400, "Content-Length and Transfer-Encoding"};
  if (has_coding && (request.version == Version::http_1_0 || lowered(coding) != "chunked")) {
    return Refusal{400, "unknown Transfer-Encoding"};
  }
  if (has_length && (length.empty() || length.size() > 19 ||
                     !std::all_of(length.begin(), length.end(), is_digit))) {
    return Refusal{400, "malformed Content-Length"};
  }
  const bool empty = length.find_first_not_of('0') == std::string::npos;
  if (has_coding || !empty) {
    if (request.method == Method::get || request.method == Method::head) {
      return Refusal{400, "body on GET or HEAD"};
    }
    if (request.method != Method::post) request.persistence = Persistence::close;
    request.framing = has_coding ? BodyFraming::chunked : BodyFraming::length;
    if (has_length) request.content_length = std::stoull(length);
  }
  return std::nullopt;
}

/// Of a request of which all fields are read.
std::optional<Refusal> check_request(Request& request, std::string_view head,
                                     beast_http::verb verb) {
  if (request_line_of(head).size() > kMaxTarget) {
    return Refusal{414, "request line too long"};  // RFC 9112 §3
  }
  if (auto refusal = check_repetition(request)) return refusal;
  if (auto refusal = check_target(request, verb)) return refusal;
  if (auto refusal = check_framing(request)) return refusal;
  const std::string host = request.field("host");
  if (!is_host(host) && (request.version == Version::http_1_1 || !host.empty())) {
    return Refusal{400, "malformed Host"};
  }
  return std::nullopt;
}

}  // namespace

bool is_decisive(std::string_view lower_case_name) {
  return std::ranges::find(kDecisive, lower_case_name) != kDecisive.end();
}

HeadScanner::State HeadScanner::scan(std::string_view arrived) {
  for (; position_ < arrived.size(); ++position_) {
    const auto c = arrived[position_];
    const bool after_cr = position_ > 0 && arrived[position_ - 1] == '\r';
    if ((c == '\n') != after_cr) return State::malformed;
    if (c == '\n') {
      if (position_ == 1) {
        begin_ = 2;
      } else if (position_ >= begin_ + 3 && arrived.substr(position_ - 3, 2) == "\r\n") {
        ++position_;
        return State::complete;
      }
    } else if (c == '\r') {
      if (position_ == begin_ && begin_ > 0) return State::malformed;
    } else if (is_control(c) && c != '\t') {
      return State::malformed;
    }
  }
  return State::incomplete;
}

std::variant<Request, Refusal> parse_request(std::string_view head) {
  if (auto refusal = check_lines(head)) return *refusal;

  beast_http::request_parser<beast_http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
  // Beast 1.74 takes any length for more than no limit.
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (!parser.is_header_done()) return Refusal{400, "malformed head"};
  const auto& message = parser.get();
  if (message.version() != 11 && message.version() != 10) return Refusal{400, "unknown version"};

  Request request;
  request.version = message.version() == 11 ? Version::http_1_1 : Version::http_1_0;
  request.method = method_of(message.method());
  if (request.version == Version::http_1_1 && message.keep_alive()) {
    request.persistence = Persistence::keep_alive;
  }
  request.target = std::string(message.target());
  for (const auto& field : message) {
    if (request.fields.size() == kMaxFields) return Refusal{431, "too many header fields"};
    const auto name = field.name_string();
    const auto value = field.value();
    request.fields.emplace_back(lowered({name.data(), name.size()}),
                                std::string(value.data(), value.size()));
  }
  if (auto refusal = check_request(request, head, message.method())) {
    refusal->fields = std::move(request.fields);
    return *std::move(refusal);
  }
  return request;
}

}  // namespace sekisho::http
