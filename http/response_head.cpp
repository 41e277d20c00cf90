// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response_head.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "core/internet_date.h"
#include "http/characters.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

struct Phrase {
  int status;
  std::string_view text;
};
/// RFC 9110 §15; 429 and 431 are of RFC 6585.
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

/// What every answer says.
constexpr Field kAlways[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
};

// What a browser is held to, by Content (Content Security Policy Level 3).
constexpr Field kOfData[] = {
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"},
};
constexpr Field kOfPage[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
     "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'; require-trusted-types-for 'script'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()"},
};
constexpr Field kOfDocument[] = {
    {"Content-Security-Policy", "sandbox; frame-ancestors 'self'"},
};

/// The names that response_head() writes, or leaves out, by what it knows itself.
constexpr std::string_view kOurs[] = {
    "Cache-Control",
    "Connection",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Keep-Alive",
    "Location",
    "Referrer-Policy",
    "Sekisho-Request",
    "Set-Cookie",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "X-Content-Type-Options",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Content-Security-Policy",
};

std::string_view phrase(int status) {
  const auto* found = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                   [&](const Phrase& row) { return row.status == status; });
  return found == std::end(kPhrases) ? "" : found->text;
}

bool is_ours(std::string_view name) {
  return std::any_of(std::begin(kOurs), std::end(kOurs),
                     [&](std::string_view ours) { return equal_ignoring_case(ours, name); });
}

bool may_be_kept(const Response& response) {
  return (response.status == 200 || response.status == 206 || response.status == 304) &&
         response.cookies.empty();
}

std::string_view cache_control(const Response& response) {
  const bool lacks_tag = response.caching == Caching::revalidate && !response.tag;
  return may_be_kept(response) && !lacks_tag ? cache_control(response.caching) : "no-store";
}

void add_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  std::ranges::transform(value, std::back_inserter(head),
                         [](char c) { return is_control(c) ? ' ' : c; });
  head.append(kLineEnd);
}

void add_fields(std::string& head, std::span<const Field> fields) {
  for (const auto& [name, value] : fields) add_field(head, name, value);
}

/// What the answer says of what it carries.
void add_representation(std::string& head, const Response& response) {
  // 304 speaks of what the client has (RFC 9110 §15.4.5).
  if (!response.content_type.empty() && response.status != 304) {
    add_field(head, "Content-Type", response.content_type);
  }
  if (response.range) add_field(head, "Content-Range", response.range->text());
  if (!response.location.empty()) add_field(head, "Location", response.location);
  for (const auto& [name, value] : response.headers) {
    if (!is_ours(name)) add_field(head, name, value);
  }
  for (const SetCookie& cookie : response.cookies) add_field(head, "Set-Cookie", cookie.text());
  if (response.tag) add_field(head, "ETag", response.tag->text());
  add_field(head, "Cache-Control", cache_control(response));
}

void add_framing(std::string& head, const AnswerFraming& framing) {
  if (framing.kind == AnswerFraming::Kind::length) {
    add_field(head, "Content-Length", std::to_string(framing.length));
  } else if (framing.kind == AnswerFraming::Kind::chunked) {
    add_field(head, "Transfer-Encoding", "chunked");
  }
}

}  // namespace

std::span<const Field> constant_fields() { return kAlways; }

std::span<const Field> fields_of(Content content) {
  switch (content) {
    case Content::data:
      return kOfData;
    case Content::page:
      return kOfPage;
    case Content::document:
      return kOfDocument;
  }
  return kOfData;
}

std::string_view cache_control(Caching caching) {
  switch (caching) {
    case Caching::no_store:
      return "no-store";
    case Caching::revalidate:
      return "private, no-cache";
    case Caching::immutable:
      return "private, max-age=31536000, immutable";  // RFC 8246
  }
  return "no-store";
}

std::string response_head(const Response& response, const std::string& request_id,
                          const AnswerFraming& framing, Persistence persistence, core::Time now) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(phrase(response.status)).append(kLineEnd);
  add_representation(head, response);
  add_fields(head, kAlways);
  add_fields(head, fields_of(response.content));
  add_field(head, "Sekisho-Request", request_id);
  add_field(head, "Date", core::to_internet_date(now, "GMT"));
  add_framing(head, framing);
  add_field(head, "Connection", persistence == Persistence::close ? "close" : "keep-alive");
  head.append(kLineEnd);
  return head;
}

}  // namespace sekisho::http
