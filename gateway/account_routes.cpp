// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/account_routes.h"

#include <string>
#include <utility>
#include <variant>

#include "access/accounts.h"
#include "access/one_time_code.h"
#include "core/encoding.h"
#include "gateway/account_changes.h"
#include "gateway/forms.h"
#include "gateway/session_json.h"
#include "gateway/sessions.h"
#include "sharing/authorize.h"

namespace sekisho::gateway {
namespace {

using access::Refusal;
using audit::EventCode;

void record_end(const Call& call, const std::string& session) {
  audit::Event event = call.event(EventCode::session_end, *call.person);
  event.facts["session"] = session;
  call.ports.log.append(event);
}

Json::Value to_json(const sharing::Share& share, const Call& call) {
  Json::Value json;
  json["ID"] = share.id.text();
  json["DicomWebRoot"] = call.public_url + "/shares/" + share.id.text() + "/dicom-web";
  json["Permissions"] = Json::arrayValue;
  const auto permitted = sharing::permitted(*call.who, share);
  for (const auto permission : sharing::kPermissions) {
    if (allows(permitted, permission)) {
      json["Permissions"].append(std::string(name(permission)));
    }
  }
  json["ExpiresAt"] = core::to_rfc3339(share.expires_at);
  json["IntendedUse"] = std::string(name(share.intended_use));
  json["Assurance"] = std::string(sharing::name(share.assurance));
  json["IsEnough"] = call.who->assurance() >= share.assurance;
  if (share.max_sessions) json["MaxSessions"] = *share.max_sessions;
  return json;
}

}  // namespace

http::Response show_person(Call& call) {
  const access::Person& person = *call.person;
  Json::Value json;
  json["ID"] = person.id.text();
  json["Login"] = person.login;
  json["Name"] = person.name;
  json["Recipient"]["Name"] = call.who->recipient().name;
  json["Recipient"]["Organisation"] = call.who->recipient().organisation;
  json["Language"] = call.who->recipient().language;
  json["Assurance"] = std::string(sharing::name(call.who->assurance()));
  if (person.password_set_at) json["PasswordSetAt"] = core::to_rfc3339(*person.password_set_at);
  if (person.totp_since) {
    json["SecondFactor"]["Since"] = core::to_rfc3339(*person.totp_since);
    json["SecondFactor"]["RecoveryCodesLeft"] = person.recovery_codes_left;
  }
  json["Passkeys"] = person.passkeys;
  if (person.linked_at) {
    json["IdentityProvider"]["Since"] = core::to_rfc3339(*person.linked_at);
  }
  return json_response(200, json);
}

http::Response list_own_shares(Call& call) {
  Json::Value json;
  json["Shares"] = Json::arrayValue;
  for (const auto& share : call.ports.shares.live_for(call.who->recipient().id, call.now)) {
    if (opens(*call.who, *share)) json["Shares"].append(to_json(*share, call));
  }
  return json_response(200, json);
}

http::Response list_sessions(Call& call) {
  Json::Value json;
  json["Sessions"] = Json::arrayValue;
  for (const auto& session : call.ports.access.sessions->of_person(call.person->id, call.now)) {
    Json::Value row = to_json(session, call.now);
    row["Source"] = session.source;
    row["UserAgent"] = session.user_agent;
    row["IsThisOne"] = session.id == call.session->id;
    json["Sessions"].append(std::move(row));
  }
  return json_response(200, json);
}

http::Response end_own_session(Call& call) {
  for (const auto& session : call.ports.access.sessions->of_person(call.person->id, call.now)) {
    if (session.id.text() != call.path["session"]) continue;
    record_end(call, session.id.text());
    call.ports.access.sessions->end(session.id);
    http::Response response;
    response.status = 204;
    if (session.id == call.session->id) clear_browser(response);
    return response;
  }
  return http::error_response(404);
}

http::Response end_other_sessions(Call& call) {
  record_end(call, "others");
  for (const auto& session : call.ports.access.sessions->of_person(call.person->id, call.now)) {
    if (session.id != call.session->id) call.ports.access.sessions->end(session.id);
  }
  http::Response response;
  response.status = 204;
  return response;
}

http::Response change_password(Call& call) {
  const auto form = Form::read(call.request, {"Password", "NewPassword"});
  if (!form) return http::error_response(400);
  access::Accounts accounts(call.ports.access, call.ports.hasher);
  const access::Session next = next_session(call, call.session->level);
  const auto answer =
      accounts.change_password(*call.person, form->text("Password"), form->text("NewPassword"),
                               call.peer.source, call.now, recorder(call, "password", next));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal);
  if (const auto* flaw = std::get_if<access::PasswordFlaw>(&answer)) {
    return flawed_password(access::name(*flaw));
  }
  return go_on(call, next, Json::objectValue);
}

http::Response offer_totp(Call& call) {
  const auto form = Form::read(call.request, {"Password"});
  if (!form) return http::error_response(400);
  access::Accounts accounts(call.ports.access, call.ports.hasher);
  const auto answer =
      accounts.offer_totp(*call.person, form->text("Password"), call.peer.source, call.now);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal);
  const auto& secret = std::get<core::Secret>(answer);
  Json::Value json;
  json["Secret"] = core::to_base32(secret.view());
  json["Uri"] = access::totp_uri(secret.view(), call.public_url, call.person->login);
  return json_response(200, json);
}

http::Response enrol_totp(Call& call) {
  const auto form = Form::read(call.request, {"Code"});
  if (!form) return http::error_response(400);
  access::Accounts accounts(call.ports.access, call.ports.hasher);
  const access::Session next = next_session(call, access::Level::password_totp);
  const auto answer = accounts.enrol_totp(*call.person, form->text("Code"), call.peer.source,
                                          call.now, recorder(call, "totp", next));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal);
  Json::Value json;
  for (const std::string& code : std::get<access::RecoveryCodes>(answer).texts) {
    json["RecoveryCodes"].append(code);
  }
  return go_on(call, next, std::move(json));
}

http::Response remove_totp(Call& call) {
  const auto form = Form::read(call.request, {"Password"});
  if (!form) return http::error_response(400);
  access::Accounts accounts(call.ports.access, call.ports.hasher);
  const access::Session next = next_session(call, access::Level::password);
  const auto answer = accounts.remove_totp(*call.person, form->text("Password"), call.peer.source,
                                           call.now, recorder(call, "totp_removed", next));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal);
  if (const auto* flaw = std::get_if<access::PasswordFlaw>(&answer)) {
    return flawed_password(access::name(*flaw));
  }
  return go_on(call, next, Json::objectValue);
}

}  // namespace sekisho::gateway
