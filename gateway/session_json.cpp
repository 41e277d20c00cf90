// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session_json.h"

#include <string>

namespace sekisho::gateway {

Json::Value to_json(const access::Session& session, core::Time now) {
  access::Session present = session;
  // Of one that is just beginning nobody has noted a use yet.
  if (present.used_at < present.begun_at) present.used_at = now;
  Json::Value json;
  json["ID"] = present.id.text();
  json["Assurance"] = std::string(name(present.level));
  json["BegunAt"] = core::to_rfc3339(present.begun_at);
  json["UsedAt"] = core::to_rfc3339(present.used_at);
  json["EndsAt"] = core::to_rfc3339(ends_at(present));
  json["EndsLatestAt"] = core::to_rfc3339(present.begun_at + access::kAbsoluteLimit);
  if (!present.share.empty()) json["Share"] = present.share;
  return json;
}

}  // namespace sekisho::gateway
