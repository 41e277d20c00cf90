// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/people.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "access/secret_text.h"
#include "mail/address.h"

namespace sekisho::staff {
namespace {

using access::Person;
using access::PersonId;
using audit::EventCode;
using sharing::Recipient;

/// Long enough for a letter by post.
constexpr std::chrono::days kInvitationLasts{14};

std::string_view status_of(const Person& person, const Recipient& recipient) {
  if (person.disabled_at) return "disabled";
  if (recipient.disabled_at) return "suspended";
  return person.password_set_at || person.linked_at ? "active" : "invited";
}

Json::Value to_json(const access::Session& session) {
  Json::Value json;
  json["ID"] = session.id.text();
  json["Assurance"] = std::string(name(session.level));
  json["BegunAt"] = core::to_rfc3339(session.begun_at);
  json["UsedAt"] = core::to_rfc3339(session.used_at);
  json["EndsAt"] = core::to_rfc3339(ends_at(session));
  json["Source"] = session.source;
  json["UserAgent"] = session.user_agent;
  return json;
}

std::string path_of(const Person& person) {
  return "/recipients/" + person.recipient + "/people/" + person.id.text();
}

/// The same of a call that says nothing besides.
std::variant<Belonging, Reply> person_of_bare_call(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  return person_of(call);
}

/// On return it is on record that staff do something to a person.
void record(const Call& call, EventCode code, const Belonging& found) {
  call.ports.log.append(person_event(call, code, found));
}

/// What staff say of a person besides the login, all of it.
void read_person(BodyReader& body, Person& person) {
  person.name = body.required_text("Name", kLongestName).value_or("");
  person.email = body.parsed("Email", mail::parse_address, "a mail address").value_or("");
}

Reply shown(const Call& call, const PersonId& id, const Recipient& recipient) {
  return answered(200, staff::to_json(call.ports.access.people->find(id).value(), recipient));
}

}  // namespace

Json::Value to_json(const Person& person, const Recipient& recipient) {
  Json::Value json;
  json["ID"] = person.id.text();
  json["Login"] = person.login;
  json["Name"] = person.name;
  json["Email"] = person.email;
  json["CreatedAt"] = core::to_rfc3339(person.created_at);
  json["Status"] = std::string(status_of(person, recipient));
  if (person.disabled_at) json["DisabledAt"] = core::to_rfc3339(*person.disabled_at);
  if (person.password_set_at) json["PasswordSetAt"] = core::to_rfc3339(*person.password_set_at);
  if (person.totp_since) json["SecondFactorSince"] = core::to_rfc3339(*person.totp_since);
  json["Passkeys"] = person.passkeys;
  if (person.linked_at) json["IdentitySince"] = core::to_rfc3339(*person.linked_at);
  return json;
}

audit::Event person_event(const Call& call, EventCode code, const Belonging& found) {
  audit::Event event = staff_event(call, code, found.recipient);
  event.facts["person"] = found.person.id.text();
  return event;
}

std::variant<Person, Reply> person_of(const Call& call, const Recipient& recipient,
                                      std::string_view id) {
  const auto parsed = PersonId::parse(id);
  auto person = parsed ? call.ports.access.people->find(*parsed) : std::nullopt;
  if (!person || person->recipient != recipient.id.text()) {
    return refused(404, "The recipient has no such person.");
  }
  return *std::move(person);
}

std::variant<Belonging, Reply> person_of(const Call& call) {
  auto found = recipient_of(call);
  if (auto* refusal = std::get_if<Reply>(&found)) return std::move(*refusal);
  auto& recipient = std::get<Recipient>(found);
  auto person = person_of(call, recipient, call.ids.at(1));
  if (auto* refusal = std::get_if<Reply>(&person)) return std::move(*refusal);
  return Belonging{std::move(recipient), std::get<Person>(std::move(person))};
}

Reply list_people(const Call& call) {
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  Json::Value json;
  json["People"] = Json::arrayValue;
  for (const Person& person : call.ports.access.people->of_recipient(recipient.id.text())) {
    json["People"].append(to_json(person, recipient));
  }
  return answered(200, json);
}

Reply create_person(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const auto login = body.require("Login").parsed(
      "Login", access::parse_login,
      "3 to 64 of the characters a-z, 0-9 and \"@._+-\", the first a letter or digit");
  Person person;
  read_person(body, person);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  auto& recipient = std::get<Recipient>(found);
  if (recipient.disabled_at) return refused(409, "The recipient is disabled.");
  const auto taken = [] { return refused(409, "Somebody else has this login."); };
  if (call.ports.access.people->find_by_login(*login)) return taken();

  person.id = PersonId::random();
  person.recipient = recipient.id.text();
  person.login = *login;
  person.created_at = call.now;
  record(call, EventCode::person_create, {recipient, person});
  switch (call.ports.access.people->insert(person)) {
    case access::PersonStore::Registration::done:
      return created(to_json(person, recipient), path_of(person));
    case access::PersonStore::Registration::login_taken:
      return taken();
    case access::PersonStore::Registration::too_many:
      break;
  }
  return refused(409, "The recipient has as many people as it may have.");
}

Reply show_person(const Call& call) {
  const auto found = person_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, person] = std::get<Belonging>(found);
  Json::Value json = to_json(person, recipient);
  if (const auto linked = call.ports.access.identities->of_person(person.id)) {
    json["Identity"]["Issuer"] = linked->identity.issuer;
    json["Identity"]["Subject"] = linked->identity.subject;
    if (linked->used_at) json["Identity"]["UsedAt"] = core::to_rfc3339(*linked->used_at);
  }
  json["Sessions"] = Json::arrayValue;
  for (const auto& session : call.ports.access.sessions->of_person(person.id, call.now)) {
    json["Sessions"].append(to_json(session));
  }
  return answered(200, json);
}

Reply change_person(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  Person wanted;
  read_person(body, wanted);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = person_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, person] = std::get<Belonging>(found);
  std::string fields;
  if (wanted.name != person.name) fields = "name";
  if (wanted.email != person.email) fields.append(fields.empty() ? "email" : " email");
  if (!fields.empty()) {
    audit::Event event = person_event(call, EventCode::recipient_change, {recipient, person});
    event.facts["fields"] = fields;
    call.ports.log.append(event);
    call.ports.access.people->change(person.id, wanted.name, wanted.email);
  }
  return shown(call, person.id, recipient);
}

Reply invite_person(const Call& call) {
  const auto found = person_of_bare_call(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& belonging = std::get<Belonging>(found);
  if (belonging.recipient.disabled_at) return refused(409, "The recipient is disabled.");
  if (belonging.person.disabled_at) return refused(409, "The person is disabled.");

  const access::NewSecret secret = access::new_secret(access::SecretKind::invitation);
  const access::Invitation invitation{access::InvitationId::random(), belonging.person.id,
                                      secret.hash, call.now, call.now + kInvitationLasts};
  record(call, EventCode::person_invite, belonging);
  if (!call.ports.access.people->invite(invitation)) {
    return refused(409, "The person is disabled.");
  }
  Json::Value json;
  json["ID"] = invitation.id.text();
  json["Login"] = belonging.person.login;
  json["Invitation"] = secret.text;
  // What stands behind the # stays in the browser: no server and no log on the way sees it.
  json["Link"] = call.ports.options.public_url + "/i/" + invitation.id.text() + '#' + secret.text;
  json["ExpiresAt"] = core::to_rfc3339(invitation.expires_at);
  return created(json, path_of(belonging.person));
}

Reply disable_person(const Call& call) {
  const auto found = person_of_bare_call(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& belonging = std::get<Belonging>(found);
  if (!belonging.person.disabled_at) {
    record(call, EventCode::person_disable, belonging);
    call.ports.access.people->disable(belonging.person.id, call.now);
  }
  return shown(call, belonging.person.id, belonging.recipient);
}

Reply enable_person(const Call& call) {
  const auto found = person_of_bare_call(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& belonging = std::get<Belonging>(found);
  if (belonging.person.disabled_at) {
    record(call, EventCode::person_enable, belonging);
    call.ports.access.people->enable(belonging.person.id);
  }
  return shown(call, belonging.person.id, belonging.recipient);
}

Reply end_person_sessions(const Call& call) {
  const auto found = person_of_bare_call(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& belonging = std::get<Belonging>(found);
  record(call, EventCode::session_revoke, belonging);
  Json::Value json;
  json["Ended"] = call.ports.access.sessions->end_all(belonging.person.id);
  return answered(200, json);
}

}  // namespace sekisho::staff
