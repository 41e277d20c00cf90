// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/cross_origin.h"

#include <algorithm>

namespace sekisho::gateway {
namespace {

constexpr const char* kMethods = "GET, HEAD, POST";
/// What viewers send beside what needs no leave.
constexpr const char* kRequestFields =
    "Accept, Authorization, Content-Type, If-None-Match, If-Range, Range";
/// What a script may read of an answer beside what it always may.
constexpr const char* kResponseFields =
    "Accept-Ranges, Content-Encoding, Content-Length, Content-Location, Content-Range, ETag, "
    "Location, "
    "Retry-After, Sekisho-Proof, Sekisho-Receipt, Sekisho-Request, Warning";
constexpr const char* kMaximumAgeSeconds = "600";

}  // namespace

std::string CrossOrigin::origin_of(const http::Request& request) const {
  std::string origin = request.field("origin");
  return std::ranges::find(allowed_, origin) == allowed_.end() ? std::string() : origin;
}

std::optional<http::Response> CrossOrigin::preflight(const http::Request& request) const {
  if (request.method != http::Method::options || origin_of(request).empty() ||
      request.field("access-control-request-method").empty()) {
    return std::nullopt;
  }
  http::Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Methods", kMethods},
                      {"Access-Control-Allow-Headers", kRequestFields},
                      {"Access-Control-Max-Age", kMaximumAgeSeconds}};
  // The door stands in a VPN and the viewer perhaps not (Private Network Access).
  if (request.field("access-control-request-private-network") == "true") {
    response.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return response;
}

void CrossOrigin::open(http::Response& response, const http::Request& request) const {
  if (allowed_.empty()) return;
  // A cache must not give one origin what was answered to another (RFC 9110 §12.5.5).
  response.headers.emplace_back("Vary", "Origin");
  std::string origin = origin_of(request);
  if (origin.empty()) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", std::move(origin));
  response.headers.emplace_back("Access-Control-Expose-Headers", kResponseFields);
}

}  // namespace sekisho::gateway
