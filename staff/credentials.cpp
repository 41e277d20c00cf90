// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/credentials.h"

#include <algorithm>
#include <variant>

#include "core/encoding.h"
#include "sharing/certificate.h"
#include "staff/held.h"
#include "staff/known_share.h"
#include "staff/share_request.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using sharing::Certificate;
using sharing::CertificateId;
using sharing::Recipient;
using sharing::RecipientStore;
using sharing::ShareId;
using sharing::Token;
using sharing::TokenId;

Json::Value to_json(const Token& token, const Recipient& recipient, core::Time now) {
  Json::Value json;
  json["ID"] = token.id.text();
  json["Name"] = token.name;
  json["CreatedAt"] = core::to_rfc3339(token.created_at);
  json["ExpiresAt"] = core::to_rfc3339(token.expires_at);
  json["Status"] = std::string(name(status(token, recipient, now)));
  json["Permissions"] = names_of(token.scope.permissions);
  if (token.scope.shares) {
    for (const ShareId& share : *token.scope.shares) json["Shares"].append(share.text());
  }
  if (token.revoked_at) json["RevokedAt"] = core::to_rfc3339(*token.revoked_at);
  return json;
}

Json::Value to_json(const Certificate& certificate, const Recipient& recipient, core::Time now) {
  Json::Value json;
  json["ID"] = certificate.id.text();
  json["Sha256"] = core::to_hex(certificate.sha256);
  json["Subject"] = certificate.subject;
  json["NotAfter"] = core::to_rfc3339(certificate.not_after);
  json["CreatedAt"] = core::to_rfc3339(certificate.created_at);
  json["Status"] = std::string(name(status(certificate, recipient, now)));
  return json;
}

/// On return it is on record that staff do something to one credential.
void record(const Call& call, EventCode code, const Recipient& recipient, const std::string& kind,
            const std::string& credential) {
  audit::Event event = staff_event(call, code, recipient);
  event.facts[kind] = credential;
  call.ports.log.append(event);
}

/// The same of a new token, with what it may do.
void record(const Call& call, const Recipient& recipient, const Token& token) {
  audit::Event event = staff_event(call, EventCode::token_create, recipient);
  event.facts["token"] = token.id.text();
  event.facts["permissions"] = in_words(token.scope.permissions);
  if (token.scope.shares) {
    std::string& shares = event.facts["shares"];
    for (const ShareId& share : *token.scope.shares) {
      shares += (shares.empty() ? "" : " ") + share.text();
    }
  }
  call.ports.log.append(event);
}

/// Whether they are the recipient's is asked of the store.
sharing::TokenScope read_token_scope(BodyReader& body) {
  sharing::TokenScope scope{read_permissions(body, sharing::kEveryPermission)};
  const auto written = body.texts("Shares", sharing::kMostSharesOfToken);
  if (!written) return scope;
  scope.shares.emplace();
  for (std::size_t i = 0; i < written->size(); ++i) {
    const auto share = ShareId::parse((*written)[i]);
    if (share) scope.shares->push_back(*share);
    if (!share) body.complain("Shares[" + std::to_string(i) + "]", "must be the ID of a share");
  }
  std::ranges::sort(*scope.shares);
  return scope;
}

/// Without telling which of them are somebody else's, and which are none.
bool are_all_of(const Recipient& recipient, const sharing::TokenScope& scope,
                const sharing::ShareStore& store) {
  return !scope.shares || std::ranges::all_of(*scope.shares, [&](const ShareId& id) {
    const auto share = store.find(id);
    return share && share->recipient == recipient.id;
  });
}

auto token_of(const Call& call, const std::string& id) {
  return held(call, id, &RecipientStore::tokens, "The recipient has no such token.");
}
auto certificate_of(const Call& call, const std::string& id) {
  return held(call, id, &RecipientStore::certificates, "The recipient has no such certificate.");
}

std::string path_of(const Token& token) {
  return "/recipients/" + token.recipient.text() + "/tokens/" + token.id.text();
}
std::string path_of(const Certificate& certificate) {
  return "/recipients/" + certificate.recipient.text() + "/certificates/" + certificate.id.text();
}

template <class Thing>
Json::Value to_json(const Held<Thing>& held, core::Time now) {
  return to_json(held.thing, held.recipient, now);
}

template <class Thing>
Reply shown(const Call& call, const std::variant<Held<Thing>, Reply>& found) {
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  return answered(200, to_json(std::get<Held<Thing>>(found), call.now));
}

template <class Thing>
Reply shown_again(const Call& call, const std::variant<Held<Thing>, Reply>& found) {
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& thing = std::get<Held<Thing>>(found);
  return staff::shown_again(to_json(thing, call.now), path_of(thing.thing));
}

std::optional<sharing::ParsedCertificate> read_certificate(BodyReader& body, core::Time now) {
  const auto parsed = body.require("Pem").parsed(
      "Pem", sharing::parse_certificate,
      "exactly one X.509 certificate in PEM, signed with SHA-2 or newer, without its key");
  if (parsed && parsed->not_after <= now) {
    body.complain("Pem",
                  "holds a certificate that expired at " + core::to_rfc3339(parsed->not_after));
  }
  return parsed;
}

}  // namespace

Reply create_token(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const auto name = body.required_text("Name", kLongestName);
  const auto expires_at = expiry(body, call);
  auto scope = read_token_scope(body);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  if (recipient.disabled_at) return refused(409, "The recipient is disabled.");
  if (!are_all_of(recipient, scope, call.ports.shares)) {
    return refused(409, "\"Shares\" names what is no share of the recipient.");
  }

  const Token token{TokenId::random(), recipient.id, *name,           call.now,
                    *expires_at,       std::nullopt, std::move(scope)};
  record(call, recipient, token);
  const auto made = call.ports.recipients.add_token(token, call.creation_key);
  if (!made) return made_meanwhile();
  Json::Value json = to_json(made->token, recipient, call.now);
  json["Token"] = made->text;
  return created(json, path_of(made->token));
}

Reply show_made_token(const Call& call, const std::string& id) {
  return shown_again(call, token_of(call, id));
}

Reply list_tokens(const Call& call) {
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  Json::Value json;
  json["Tokens"] = Json::arrayValue;
  for (const Token& token : call.ports.recipients.tokens(recipient.id)) {
    json["Tokens"].append(to_json(token, recipient, call.now));
  }
  return answered(200, json);
}

Reply show_token(const Call& call) { return shown(call, token_of(call, call.ids.at(1))); }

Reply revoke_token(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = token_of(call, call.ids.at(1));
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, token] = std::get<Held<Token>>(found);
  if (!token.revoked_at) {
    record(call, EventCode::token_revoke, recipient, "token", token.id.text());
    call.ports.recipients.revoke_token(token.id, call.now);
  }
  return show_token(call);
}

Reply add_certificate(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const auto parsed = read_certificate(body, call.now);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  if (recipient.disabled_at) return refused(409, "The recipient is disabled.");
  if (const auto enrolled = call.ports.recipients.find_certificate(parsed->sha256)) {
    if (enrolled->recipient == recipient.id) {
      return answered(200, to_json(*enrolled, recipient, call.now));
    }
    return refused(409, "The certificate is enrolled for another recipient: it belongs to one.");
  }

  const Certificate certificate{CertificateId::random(), recipient.id,      parsed->sha256,
                                parsed->subject,         parsed->not_after, call.now};
  record(call, EventCode::certificate_add, recipient, "certificate",
         core::to_hex(certificate.sha256));
  switch (call.ports.recipients.add_certificate(certificate, call.creation_key)) {
    case RecipientStore::Enrolment::done:
      return created(to_json(certificate, recipient, call.now), path_of(certificate));
    case RecipientStore::Enrolment::made_before:
      return made_meanwhile();
    case RecipientStore::Enrolment::unknown_recipient:
      return refused(404, "There is no such recipient.");
    case RecipientStore::Enrolment::already_enrolled:
      break;
  }
  return refused(409, "The certificate has been enrolled meanwhile.");
}

Reply show_made_certificate(const Call& call, const std::string& id) {
  return shown_again(call, certificate_of(call, id));
}

Reply list_certificates(const Call& call) {
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& recipient = std::get<Recipient>(found);
  Json::Value json;
  json["Certificates"] = Json::arrayValue;
  for (const Certificate& certificate : call.ports.recipients.certificates(recipient.id)) {
    json["Certificates"].append(to_json(certificate, recipient, call.now));
  }
  return answered(200, json);
}

Reply show_certificate(const Call& call) {
  return shown(call, certificate_of(call, call.ids.at(1)));
}

Reply remove_certificate(const Call& call) {
  const auto found = certificate_of(call, call.ids.at(1));
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, certificate] = std::get<Held<Certificate>>(found);
  record(call, EventCode::certificate_remove, recipient, "certificate",
         core::to_hex(certificate.sha256));
  // Not there any more: somebody else removed it meanwhile.
  call.ports.recipients.remove_certificate(certificate.id);
  return shown(call, found);
}

}  // namespace sekisho::staff
