// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/status.h"

namespace sekisho::staff {

Reply show_status(const Call& call) { return status_of(call.ports.state()); }

Reply show_caller(const Call& call) {
  Json::Value json;
  json["Name"] = call.actor;
  json["Roles"] = Json::arrayValue;
  for_each_name(call.roles, [&](const std::string& name) { json["Roles"].append(name); });
  return answered(200, json);
}

Reply show_settings(const Call& call) {
  const Options& options = call.ports.options;
  Json::Value json;
  json["Institution"] = options.institution;
  json["Contact"] = options.contact;
  json["PublicUrl"] = options.public_url;
  json["Now"] = core::to_rfc3339(call.now);
  json["DefaultExpiryDays"] = Json::Int64{options.default_expiry.count()};
  json["MaximumExpiryDays"] = Json::Int64{options.maximum_expiry.count()};
  json["UndoWindowSeconds"] = Json::Int64{options.undo_window.count()};
  json["RequireApproval"] = options.requires_approval;
  json["RequireConsent"] = options.consents != sharing::ConsentRule::not_required;
  return answered(200, json);
}

Reply status_of(const SystemState& state) { return answered(200, to_json(state)); }

}  // namespace sekisho::staff
