// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/identities.h"

#include <string>
#include <utility>
#include <variant>

#include "openid/id_token.h"
#include "staff/people.h"

namespace sekisho::staff {
namespace {

std::optional<std::string> parse_subject(std::string_view text) {
  return openid::is_subject(text) ? std::optional(std::string(text)) : std::nullopt;
}

/// On return it is on record that who a person is elsewhere changes.
void record(const Call& call, const Belonging& found) {
  audit::Event event = person_event(call, audit::EventCode::recipient_change, found);
  event.facts["fields"] = "identity";
  call.ports.log.append(event);
}

Reply shown(const Call& call, const Belonging& found) {
  return answered(
      200, to_json(call.ports.access.people->find(found.person.id).value(), found.recipient));
}

}  // namespace

Reply link_identity(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const auto subject = body.require("Subject").parsed(
      "Subject", parse_subject, "1 to 255 characters of ASCII, as the provider writes \"sub\"");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = person_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& belonging = std::get<Belonging>(found);
  const access::Identity identity{call.ports.options.identity_issuer, *subject};
  if (identity.issuer.empty()) return refused(409, "No identity provider is configured.");
  const auto taken = [] { return refused(409, "Somebody else is tied to this subject."); };
  if (const auto linked = call.ports.access.identities->find(identity)) {
    return linked->person == belonging.person.id ? shown(call, belonging) : taken();
  }
  record(call, belonging);
  if (!call.ports.access.identities->link(belonging.person.id, identity, call.now)) return taken();
  return shown(call, belonging);
}

Reply unlink_identity(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = person_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& belonging = std::get<Belonging>(found);
  if (belonging.person.linked_at) {
    record(call, belonging);
    call.ports.access.identities->unlink(belonging.person.id);
  }
  return shown(call, belonging);
}

}  // namespace sekisho::staff
