// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <string>
#include <string_view>
#include <vector>

#include "staff/caller.h"
#include "staff/json.h"

namespace sekisho::staff {

struct Reply {
  int status = 200;
  std::string body;
  std::string allow{};  ///< with 405: the value of the Allow header (RFC 9110 §15.5.6)
  const char* type = "application/json";
  std::string location{};  ///< with 201: where the thing is from now on
  std::string tag{};       ///< the entity tag of a GET, with its quotes
};

Reply answered(int status, const Json::Value& json);
/// 201, with `path` below /sekisho/api as where the thing is.
Reply created(const Json::Value& json, const std::string& path);
/// 200 for a creation that was made before: the thing as it is now, "Replayed", without secrets.
Reply shown_again(Json::Value json, const std::string& path);
/// Two calls with one Idempotency-Key at the same time: the other one makes the thing.
Reply made_meanwhile();
/// The one shape of a refusal. `error` says what is wrong, each of `details` where; `more` has what
/// one refusal tells besides.
Reply refused(int status, std::string_view error, const std::vector<std::string>& details = {},
              Json::Value more = Json::objectValue);
/// 403 for a caller who has none of the roles that may make a call.
Reply refuse(const Caller& caller, Roles allowed);
/// 400 for a request that was read and makes no sense.
Reply invalid(const RequestProblems& problems);

}  // namespace sekisho::staff
