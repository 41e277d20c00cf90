// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace sekisho::gateway {

/// What pages of other origins may read through their visitors' browsers (Fetch Standard, "CORS
/// protocol"): nothing, but for those of the configured origins. They bring a token with each
/// request; no cookie and no certificate is sent along for them. Any thread.
class CrossOrigin {
 public:
  /// Origins as browsers write them: "https://viewer.clinic.example".
  explicit CrossOrigin(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  /// The answer to a preflight of an allowed origin, the same for every path and whether there is
  /// anything: it carries no credential, so nobody knows yet who asks. `nullopt` for everything
  /// else, preflights of other origins included.
  std::optional<http::Response> preflight(const http::Request& request) const;
  /// Lets the page that asked read `response`, errors and preflights too, if its origin is allowed.
  void open(http::Response& response, const http::Request& request) const;

 private:
  /// Of the request, where it is allowed; else empty.
  std::string origin_of(const http::Request& request) const;

  const std::vector<std::string> allowed_;
};

}  // namespace sekisho::gateway
