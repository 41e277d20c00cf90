// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/passkey_routes.h"

#include <chrono>
#include <string>
#include <utility>

#include "access/authenticator_data.h"
#include "access/passkeys.h"
#include "core/encoding.h"
#include "gateway/account_changes.h"

namespace sekisho::gateway {
namespace {

constexpr std::string_view kNoParty = "no_relying_party";

access::Passkeys passkeys(const Call& call, const access::RelyingParty& party) {
  return {call.ports.access, call.ports.hasher, *call.ports.challenges, party};
}

Json::Int64 patience() { return std::chrono::milliseconds(access::kChallengeLife).count(); }

Json::Value to_json(const access::Passkey& passkey) {
  Json::Value json;
  json["ID"] = passkey.id.text();
  json["Name"] = passkey.name;
  json["MayBeCopied"] = passkey.may_be_copied;
  json["CreatedAt"] = core::to_rfc3339(passkey.created_at);
  if (passkey.used_at) json["UsedAt"] = core::to_rfc3339(*passkey.used_at);
  return json;
}

/// Web Authentication Level 3, §5.1.8: PublicKeyCredentialCreationOptionsJSON.
Json::Value creation_options(const Call& call, const access::RelyingParty& party,
                             const std::string& challenge) {
  Json::Value options;
  options["challenge"] = challenge;
  options["rp"]["id"] = options["rp"]["name"] = party.id;
  options["user"]["id"] = core::to_base64url(access::Passkeys::user_handle(call.person->id));
  options["user"]["name"] = call.person->login;
  options["user"]["displayName"] = call.person->name;
  for (const int algorithm : access::kPasskeyAlgorithms) {
    Json::Value parameters;
    parameters["type"] = "public-key";
    parameters["alg"] = algorithm;
    options["pubKeyCredParams"].append(std::move(parameters));
  }
  options["excludeCredentials"] = Json::arrayValue;
  for (const auto& known : call.ports.access.passkeys->of_person(call.person->id)) {
    Json::Value credential;
    credential["type"] = "public-key";
    credential["id"] = core::to_base64url(known.credential);
    options["excludeCredentials"].append(std::move(credential));
  }
  options["authenticatorSelection"]["residentKey"] = "required";
  options["authenticatorSelection"]["requireResidentKey"] = true;
  options["authenticatorSelection"]["userVerification"] = "required";
  options["attestation"] = "none";
  options["timeout"] = patience();
  return options;
}

}  // namespace

http::Response offer_sign_in(Call& call) {
  if (!call.is_from_known_network()) return call.refuse(sharing::Denial::foreign_network);
  if (!Form::read(call.request, {})) return call.refuse("malformed_form");
  const auto party = access::relying_party_of(call.public_url);
  if (!party) return call.refuse(kNoParty);
  // §5.1.9: PublicKeyCredentialRequestOptionsJSON.
  Json::Value json;
  json["PublicKey"]["challenge"] = passkeys(call, *party).challenge(call.now);
  json["PublicKey"]["rpId"] = party->id;
  json["PublicKey"]["userVerification"] = "required";
  json["PublicKey"]["timeout"] = patience();
  return json_response(200, json);
}

std::variant<access::Admitted, access::Refusal> admit_by_passkey(const Call& call, const Form& form,
                                                                 const access::MayCome& may_come) {
  const auto party = access::relying_party_of(call.public_url);
  if (!party) return access::Refusal::foreign_passkey;
  const access::SignedPasskey shown{form.text("Passkey"), form.text("ClientData"),
                                    form.text("AuthenticatorData"), form.text("Signature"),
                                    form.text("UserHandle")};
  return passkeys(call, *party).sign_in(shown, call.peer.source, may_come, call.now);
}

http::Response offer_passkey(Call& call) {
  const auto form = Form::read(call.request, {"Password"});
  if (!form) return http::error_response(400);
  const auto party = access::relying_party_of(call.public_url);
  if (!party) return call.refuse(kNoParty);
  const auto answer = passkeys(call, *party)
                          .offer(*call.person, call.session->id, form->text("Password"),
                                 call.peer.source, call.now);
  if (const auto* refusal = std::get_if<access::Refusal>(&answer)) return refuse(call, *refusal);
  Json::Value json;
  json["PublicKey"] = creation_options(call, *party, std::get<std::string>(answer));
  return json_response(200, json);
}

http::Response enrol_passkey(Call& call) {
  const auto form = Form::read(call.request, {"ClientData", "AuthenticatorData", "Name"});
  if (!form) return http::error_response(400);
  const auto party = access::relying_party_of(call.public_url);
  if (!party) return call.refuse(kNoParty);
  const access::Session next = next_session(call, access::Level::password_totp);
  const access::NewPasskey shown{form->text("ClientData"), form->text("AuthenticatorData"),
                                 form->text("Name")};
  const auto answer = passkeys(call, *party)
                          .enrol(*call.person, call.session->id, shown, call.peer.source, call.now,
                                 recorder(call, "passkey", next));
  if (const auto* refusal = std::get_if<access::Refusal>(&answer)) return refuse(call, *refusal);
  Json::Value json;
  json["Passkey"] = to_json(std::get<access::Passkey>(answer));
  return go_on(call, next, std::move(json));
}

http::Response list_passkeys(Call& call) {
  Json::Value json;
  json["Passkeys"] = Json::arrayValue;
  for (const auto& passkey : call.ports.access.passkeys->of_person(call.person->id)) {
    json["Passkeys"].append(to_json(passkey));
  }
  return json_response(200, json);
}

http::Response remove_passkey(Call& call) {
  const auto party = access::relying_party_of(call.public_url);
  if (!party) return call.refuse(kNoParty);
  const bool is_the_last = !call.person->totp_since && call.person->passkeys == 1;
  const access::Session next =
      next_session(call, is_the_last ? access::Level::password : call.session->level);
  if (!passkeys(call, *party)
           .remove(*call.person, call.path["passkey"], recorder(call, "passkey_removed", next))) {
    return http::error_response(404);
  }
  return go_on(call, next, Json::objectValue);
}

}  // namespace sekisho::gateway
