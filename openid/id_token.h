// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "openid/json_web_key.h"

namespace sekisho::openid {

/// What an ID token must say to be for us, here and now.
struct Expected {
  std::string issuer;
  std::string client_id;
  std::string nonce;
  std::string access_token;  ///< that came with it; empty: none did
  core::Time now;
};

/// What is taken from one. No name and no address: nobody is known by these.
struct IdToken {
  std::string subject;           ///< who it is, for this issuer and for ever: is_subject()
  std::string acr;               ///< how surely the provider knows it; may be empty
  std::vector<std::string> amr;  ///< by what; likewise
};

/// Whether it can be somebody's: 1 to 255 characters of ASCII that can be seen, or spaces.
bool is_subject(std::string_view text);

/// Why an ID token is worth nothing, for the log.
enum class TokenFlaw {
  unreadable,
  algorithm,     ///< none of JwsAlgorithm
  key,           ///< the provider has no such key, or more than one that it could be
  signature,     ///< another's
  issuer,        ///< another's
  audience,      ///< for others, or for others as well
  expired,       ///< or it does not say when it does
  time,          ///< made later than now, long ago, or nobody knows when
  nonce,         ///< of another sign-in
  access_token,  ///< of another access token
  subject,       ///< nobody's, or one that cannot be written
};
/// "id_token_signature" and so on.
std::string_view name(TokenFlaw flaw);

/// How much the clocks of two machines may differ.
inline constexpr std::chrono::seconds kClockSkew{60};
/// A token that is older was not made for this sign-in.
inline constexpr std::chrono::minutes kLongestTokenAge{10};

/// Verifies an ID token by OpenID Connect Core 1.0 (with errata 2) §3.1.3.7 and §3.1.3.8: a JWS in
/// compact form (RFC 7515 §7.1), signed by one of `keys`. Nothing of what it says is looked at
/// before its signature is good. Pure.
std::variant<IdToken, TokenFlaw> read_id_token(std::string_view token, const KeySet& keys,
                                               const Expected& expected);

}  // namespace sekisho::openid
