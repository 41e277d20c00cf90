// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/reply.h"

#include "staff/request.h"

namespace sekisho::staff {

Reply answered(int status, const Json::Value& json) { return {status, to_text(json)}; }

Reply created(const Json::Value& json, const std::string& path) {
  Reply reply = answered(201, json);
  reply.location = std::string(kApiRoot) + path;
  return reply;
}

Reply shown_again(Json::Value json, const std::string& path) {
  json["Replayed"] = true;
  Reply reply = created(json, path);
  reply.status = 200;
  return reply;
}

Reply made_meanwhile() {
  return refused(409, "The same call is being carried out.",
                 {"Send it again to learn what it has made."});
}

Reply refused(int status, std::string_view error, const std::vector<std::string>& details,
              Json::Value more) {
  more["Error"] = std::string(error);
  more["Details"] = Json::arrayValue;
  for (const std::string& detail : details) more["Details"].append(detail);
  // What clients of Orthanc's own API look at.
  more["HttpStatus"] = status;
  more["Message"] = more["Error"];
  return answered(status, more);
}

Reply refuse(const Caller& caller, Roles allowed) {
  if (caller.doubt == Caller::Doubt::nobody) {
    return refused(403, "Nothing says who makes this call.",
                   {"Log in to Orthanc as a user of your own, or come by the proxy that names you; "
                    "what counts is in \"Sekisho.Staff\" of Orthanc's configuration."});
  }
  if (caller.doubt == Caller::Doubt::foreign_field) {
    return refused(403, "The call names its caller by a field that only the proxy may set.",
                   {"Leave the field out, or come by the proxy."});
  }
  std::string names;
  for_each_name(allowed, [&](const std::string& name) {
    names.append(names.empty() ? "" : ", ").append(name);
  });
  return refused(403, "The caller has no role that may make this call.",
                 {"It takes one of these: " + names + '.'});
}

Reply invalid(const RequestProblems& problems) {
  return refused(400, "The request makes no sense as it is.", problems);
}

}  // namespace sekisho::staff
