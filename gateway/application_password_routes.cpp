// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/application_password_routes.h"

#include <string>
#include <utility>

#include "access/accounts.h"
#include "gateway/account_changes.h"
#include "gateway/forms.h"

namespace sekisho::gateway {
namespace {

using access::ApplicationPassword;

Json::Value to_json(const ApplicationPassword& password, core::Time now) {
  Json::Value json;
  json["ID"] = password.id.text();
  json["Name"] = password.name;
  json["CreatedAt"] = core::to_rfc3339(password.created_at);
  json["ExpiresAt"] = core::to_rfc3339(password.expires_at);
  json["Status"] = now < password.expires_at ? "live" : "expired";
  return json;
}

/// Puts on record what becomes of one; the session goes on, whatever that is.
access::Record recorder(const Call& call, const char* change,
                        const access::ApplicationPasswordId& id) {
  return [&call, change, id](const access::Person& person) {
    audit::Event event = call.event(audit::EventCode::credential_change, person);
    event.facts["change"] = change;
    event.facts["session"] = call.session->id.text();
    event.facts["application_password"] = id.text();
    call.ports.log.append(event);
  };
}

}  // namespace

http::Response create_application_password(Call& call) {
  const auto form = Form::read(call.request, {"Password", "Name", "ExpiresAt"});
  const core::Time latest = call.now + access::kLongestApplicationPassword;
  const auto expires_at = form && form->has("ExpiresAt")
                              ? core::parse_rfc3339(form->text("ExpiresAt"))
                              : std::optional(latest);
  const bool is_good = form && access::is_label(form->text("Name")) && expires_at &&
                       *expires_at > call.now && *expires_at <= latest;
  if (!is_good) return http::error_response(400);
  const ApplicationPassword password{access::ApplicationPasswordId::random(), call.person->id,
                                     form->text("Name"), call.now, *expires_at};
  access::Accounts accounts(call.ports.access, call.ports.hasher);
  const auto answer = accounts.add_application_password(
      *call.person, form->text("Password"), password, call.peer.source, call.now,
      recorder(call, "application_password", password.id));
  if (const auto* refusal = std::get_if<access::Refusal>(&answer)) return refuse(call, *refusal);
  call.tell(call.person->id, access::Notice::credential_changed);
  Json::Value json = to_json(password, call.now);
  json["ApplicationPassword"] = std::get<access::NewSecret>(answer).text;
  return json_response(201, json);
}

http::Response list_application_passwords(Call& call) {
  Json::Value json;
  json["ApplicationPasswords"] = Json::arrayValue;
  for (const auto& each : call.ports.access.application_passwords->of_person(call.person->id)) {
    json["ApplicationPasswords"].append(to_json(each, call.now));
  }
  return json_response(200, json);
}

http::Response remove_application_password(Call& call) {
  for (const auto& each : call.ports.access.application_passwords->of_person(call.person->id)) {
    if (each.id.text() != call.path["password"]) continue;
    recorder(call, "application_password_removed", each.id)(*call.person);
    call.ports.access.application_passwords->remove(call.person->id, each.id);
    call.tell(call.person->id, access::Notice::credential_changed);
    http::Response response;
    response.status = 204;
    return response;
  }
  return http::error_response(404);
}

}  // namespace sekisho::gateway
