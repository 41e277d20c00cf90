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

Reply invalid(const RequestProblems& problems) {
  return refused(400, "The request makes no sense as it is.", problems);
}

}  // namespace sekisho::staff
