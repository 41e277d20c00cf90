// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/status.h"

namespace sekisho::staff {

Reply show_status(const Call& call) { return status_of(call.ports.state()); }

Reply show_caller(const Call& call) {
  Json::Value json;
  json["Name"] = call.actor;
  json["Roles"] = Json::arrayValue;
  for_each_name(call.roles, [&](std::string name) { json["Roles"].append(std::move(name)); });
  return answered(200, json);
}

Reply status_of(const SystemState& state) { return answered(200, to_json(state)); }

}  // namespace sekisho::staff
