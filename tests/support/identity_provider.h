// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/time.h"
#include "openid/provider.h"
#include "support/token_signer.h"

namespace sekisho::tests {

/// An OpenID Connect provider without a network: answers the calls that openid::Provider makes, as
/// it is told to. One thread but for ask().
class IdentityProvider {
 public:
  explicit IdentityProvider(core::Clock clock) : clock_(std::move(clock)) {
    metadata["issuer"] = issuer;
    metadata["authorization_endpoint"] = issuer + "/authorize";
    metadata["token_endpoint"] = issuer + "/token";
    metadata["jwks_uri"] = issuer + "/jwks";
  }

  openid::Provider::Ask asked() {
    return [this](const outbound::WebCall& call, const core::Demand&) { return ask(call); };
  }
  /// Lets somebody sign in there: what their browser was sent to, and the code that it goes back
  /// with.
  std::string code_for(const std::string& address, const std::string& subject) {
    const auto query = query_of(address);
    Json::Value claims;
    claims["iss"] = issuer;
    claims["aud"] = query.at("client_id");
    claims["sub"] = subject;
    claims["nonce"] = query.at("nonce");
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(clock_().time_since_epoch()).count();
    claims["iat"] = Json::Int64{now};
    claims["exp"] = Json::Int64{now + 300};
    for (const std::string& name : more_claims.getMemberNames()) claims[name] = more_claims[name];
    const std::string code = "code-" + std::to_string(++codes_);
    issued_[code] = {query.at("code_challenge"), claims};
    return code;
  }
  /// Names and values as they stand there, but for "%XX" of colon and slash.
  static std::map<std::string, std::string> query_of(const std::string& text) {
    std::map<std::string, std::string> query;
    for (std::size_t at = text.find('?') + 1; at < text.size();) {
      const auto end = std::min(text.find('&', at), text.size());
      const auto equals = text.find('=', at);
      std::string value = text.substr(equals + 1, end - equals - 1);
      for (const auto& [escape, character] : {std::pair{"%3A", ":"}, {"%2F", "/"}, {"%20", " "}}) {
        for (auto found = value.find(escape); found != std::string::npos;
             found = value.find(escape)) {
          value.replace(found, 3, character);
        }
      }
      query[text.substr(at, equals - at)] = value;
      at = end + 1;
    }
    return query;
  }

  const std::string issuer = "https://id.example";
  Json::Value metadata;
  std::vector<const TokenSigner*> shown{&signer};  ///< whose keys it shows
  Json::Value more_claims{Json::objectValue};      ///< of each token that it makes
  bool is_down = false;
  /// What the token endpoint says in place of what it would.
  std::optional<outbound::WebAnswer> said_instead;
  std::vector<outbound::WebCall> calls;
  const TokenSigner signer{"ES256"};
  const TokenSigner* signs = &signer;
  /// Called while the token endpoint works.
  std::function<void()> meanwhile = [] {};

 private:
  struct Issued {
    std::string challenge;
    Json::Value claims;
  };

  static outbound::WebAnswer json(const Json::Value& value, int status = 200) {
    return {status, "application/json; charset=utf-8", core::to_text(value)};
  }
  std::optional<outbound::WebAnswer> ask(const outbound::WebCall& call) {
    calls.push_back(call);
    if (is_down) return std::nullopt;
    if (call.url == issuer + "/.well-known/openid-configuration") return json(metadata);
    if (call.url == issuer + "/jwks") {
      Json::Value keys;
      keys["keys"] = Json::arrayValue;
      for (const TokenSigner* each : shown) keys["keys"].append(each->jwk());
      return json(keys);
    }
    if (call.url == issuer + "/token" && call.body) return redeem(*call.body);
    return outbound::WebAnswer{404, "text/html", "<html>"};
  }
  outbound::WebAnswer redeem(const std::string& body) {
    meanwhile();
    if (said_instead) return *said_instead;
    const auto form = query_of('?' + body);
    const auto found = issued_.find(form.at("code"));
    const auto challenge =
        core::to_base64url(core::sha256(core::as_bytes(form.at("code_verifier"))));
    if (found == issued_.end() || found->second.challenge != challenge) {
      Json::Value error;
      error["error"] = "invalid_grant";
      return json(error, 400);
    }
    Json::Value answer;
    answer["access_token"] = "opaque";
    answer["token_type"] = "Bearer";
    answer["id_token"] = signs->token(found->second.claims);
    issued_.erase(found);
    return json(answer);
  }

  const core::Clock clock_;
  int codes_ = 0;
  std::map<std::string, Issued> issued_;
};

}  // namespace sekisho::tests
