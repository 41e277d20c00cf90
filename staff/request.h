// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "staff/caller.h"

namespace sekisho::staff {

inline constexpr std::string_view kApiRoot = "/sekisho/api";

enum class Verb { get, post, put, erase };

/// What a browser says of the page that a call comes from (guard.h), as the headers have it;
/// empty where they do not.
struct CallContext {
  std::string content_type;
  std::string host;
  std::string origin;
  std::string fetch_site;
};

/// One call of the staff API.
struct Request {
  Verb verb = Verb::get;
  std::string path;  ///< below /sekisho/api: "/shares/0123…"; below /sekisho/audit: "/checkpoint"
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
  Caller caller{};  ///< whose roles decide whether the call is answered
  CallContext context{};
  /// Of a creation that may be sent again; empty where there is none.
  std::string idempotency_key{};
  /// What the caller calls a look that the call may need; empty where there is none.
  std::string look_name{};
  std::string if_none_match{};  ///< tags of what the caller has already (RFC 9110 §13.1.2)
  /// Requested when Orthanc stops. That a caller has gone, Orthanc does not tell.
  std::stop_token stop{};
};

}  // namespace sekisho::staff
