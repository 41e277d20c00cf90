// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/certificate_rules.h"

#include <utility>
#include <variant>

#include "core/encoding.h"
#include "sharing/client_authorities.h"
#include "staff/held.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using sharing::CertificateName;
using sharing::CertificateRule;
using sharing::CertificateRuleId;
using sharing::ClientAuthority;
using sharing::Recipient;
using sharing::RecipientStore;

Json::Value to_json(const CertificateRule& rule, const Recipient& recipient, core::Time now) {
  Json::Value json;
  json["ID"] = rule.id.text();
  json["Kind"] = std::string(name(rule.name.kind));
  json["Name"] = rule.name.text;
  json["Authority"] = core::to_hex(rule.authority);
  json["CreatedAt"] = core::to_rfc3339(rule.created_at);
  json["Status"] = std::string(name(status(rule, recipient, now)));
  return json;
}

/// On return it is on record that staff do something to a rule. Whom it is about stands there by
/// its hash (docs/formats/sharing.md): a name may be a person's.
void record(const Call& call, EventCode code, const Recipient& recipient,
            const CertificateRule& rule) {
  audit::Event event = staff_event(call, code, recipient);
  event.facts["certificate_rule"] = rule.id.text();
  event.facts["authority"] = core::to_hex(rule.authority);
  event.facts["kind"] = name(rule.name.kind);
  event.facts["name_key"] = core::to_hex(rule.name.key);
  call.ports.log.append(event);
}

auto rule_of(const Call& call, const std::string& id) {
  return held(call, id, &RecipientStore::certificate_rules,
              "The recipient has no such rule for certificates.");
}

std::string path_of(const CertificateRule& rule) {
  return "/recipients/" + rule.recipient.text() + "/certificate-rules/" + rule.id.text();
}

Reply shown(const Call& call, const std::variant<Held<CertificateRule>, Reply>& found) {
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, rule] = std::get<Held<CertificateRule>>(found);
  return answered(200, to_json(rule, recipient, call.now));
}

std::optional<CertificateName> read_name(BodyReader& body) {
  const auto kind = body.require("Kind").parsed("Kind", sharing::parse_name_kind,
                                                "\"subject\", \"uri\", \"dns\" or \"email\"");
  if (!kind) {
    body.require("Name").value("Name");
    return std::nullopt;
  }
  return body.require("Name").parsed(
      "Name", [&](std::string_view text) { return sharing::parse_certificate_name(*kind, text); },
      *kind == sharing::NameKind::subject
          ? "a distinguished name of RFC 4514, as \"CN=viewer,O=Kita Clinic,C=JP\""
          : "one whole name of that kind, without a wildcard");
}

/// Which of the configured authorities a rule is for: the one that is named, or the only one.
std::optional<core::Sha256> read_authority(BodyReader& body,
                                           const std::vector<ClientAuthority>& authorities) {
  if (body.value("Authority") == nullptr) {
    if (authorities.size() == 1) return authorities.front().key;
    body.complain("Authority",
                  "must name one of \"ClientAuthorities\" in the status by its \"Key\"");
    return std::nullopt;
  }
  return body.require("Authority")
      .parsed(
          "Authority",
          [&](std::string_view text) -> std::optional<core::Sha256> {
            for (const ClientAuthority& authority : authorities) {
              if (core::to_hex(authority.key) == text) return authority.key;
            }
            return std::nullopt;
          },
          "the \"Key\" of one of \"ClientAuthorities\" in the status");
}

/// Whose the name is already, if anybody's.
std::optional<CertificateRule> standing_rule(const Call& call, const CertificateRule& rule) {
  for (CertificateRule& each : call.ports.recipients.find_certificate_rules(rule.name.key)) {
    if (each.authority == rule.authority) return std::move(each);
  }
  return std::nullopt;
}

Reply refuse_taken_name() {
  return refused(409, "The name is another recipient's: of one authority it belongs to one.");
}

}  // namespace

Reply add_certificate_rule(const Call& call) {
  if (call.ports.authorities == nullptr) {
    return refused(409, "No authorities of clients are configured.",
                   {"\"Sekisho.Gateway.ClientCertificates\" names them."});
  }
  RequestProblems problems;
  BodyReader body(call.body, problems);
  auto name = read_name(body);
  const auto authority = read_authority(body, call.ports.authorities->list());
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  if (recipient.disabled_at) return refused(409, "The recipient is disabled.");

  const CertificateRule rule{CertificateRuleId::random(), recipient.id, *authority,
                             *std::move(name), call.now};
  if (const auto standing = standing_rule(call, rule)) {
    if (standing->recipient != recipient.id) return refuse_taken_name();
    return answered(200, to_json(*standing, recipient, call.now));
  }
  record(call, EventCode::certificate_add, recipient, rule);
  switch (call.ports.recipients.add_certificate_rule(rule, call.creation_key)) {
    case RecipientStore::Enrolment::done:
      return created(to_json(rule, recipient, call.now), path_of(rule));
    case RecipientStore::Enrolment::made_before:
      return made_meanwhile();
    case RecipientStore::Enrolment::unknown_recipient:
      return refused(404, "There is no such recipient.");
    case RecipientStore::Enrolment::already_enrolled:
      break;
  }
  return refuse_taken_name();
}

Reply show_made_certificate_rule(const Call& call, const std::string& id) {
  const auto found = rule_of(call, id);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, rule] = std::get<Held<CertificateRule>>(found);
  return shown_again(to_json(rule, recipient, call.now), path_of(rule));
}

Reply list_certificate_rules(const Call& call) {
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  Json::Value json;
  json["CertificateRules"] = Json::arrayValue;
  for (const CertificateRule& rule : call.ports.recipients.certificate_rules(recipient.id)) {
    json["CertificateRules"].append(to_json(rule, recipient, call.now));
  }
  return answered(200, json);
}

Reply show_certificate_rule(const Call& call) { return shown(call, rule_of(call, call.ids.at(1))); }

Reply remove_certificate_rule(const Call& call) {
  const auto found = rule_of(call, call.ids.at(1));
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, rule] = std::get<Held<CertificateRule>>(found);
  record(call, EventCode::certificate_remove, recipient, rule);
  // Not there any more: somebody else removed it meanwhile.
  call.ports.recipients.remove_certificate_rule(rule.id);
  return shown(call, found);
}

}  // namespace sekisho::staff
