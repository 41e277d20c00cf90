// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/id_token.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "core/digest.h"
#include "core/encoding.h"
#include "core/json_body.h"
#include "core/secret.h"

namespace sekisho::openid {
namespace {

constexpr std::size_t kLongestToken = 16 * 1024;
constexpr std::size_t kLongestSubject = 255;  // OpenID Connect Core §2

/// In the order of TokenFlaw.
constexpr std::array<std::string_view, 11> kFlawNames = {
    "id_token_unreadable", "id_token_algorithm",    "id_token_key",     "id_token_signature",
    "id_token_issuer",     "id_token_audience",     "id_token_expired", "id_token_time",
    "id_token_nonce",      "id_token_access_token", "id_token_subject"};
static_assert(kFlawNames.size() == static_cast<std::size_t>(TokenFlaw::subject) + 1);

/// The three parts of a JWS in compact form, in base64url.
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;  ///< header and claims, with the full stop between them
};

/// A token that is encrypted has five.
std::optional<Parts> parts_of(std::string_view token) {
  if (token.size() > kLongestToken) return std::nullopt;
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

std::optional<Json::Value> object_in(std::string_view base64url) {
  const auto bytes = core::from_base64url(base64url);
  if (!bytes) return std::nullopt;
  auto parsed = core::parse_json_object(core::as_text(*bytes));
  if (auto* object = std::get_if<Json::Value>(&parsed)) return std::move(*object);
  return std::nullopt;
}

bool is_text(const Json::Value& value, std::string_view text) {
  return value.isString() && value.asString() == text;
}

/// RFC 7515 §4.1.11: what must be understood is not. RFC 8725 §3.11: a token of another type is
/// none of these.
bool is_plain(const Json::Value& header) {
  if (header.isMember("crit") || header.isMember("cty")) return false;
  return !header.isMember("typ") || is_text(header["typ"], "JWT") || is_text(header["typ"], "jwt");
}

/// RFC 7515 §4.1.4. Without a "kid" there must be no choice (OpenID Connect Core §10.1).
std::vector<const JsonWebKey*> keys_for(const Json::Value& header, JwsAlgorithm algorithm,
                                        const KeySet& keys) {
  const bool has_id = header.isMember("kid");
  const Json::Value& id = header["kid"];
  std::vector<const JsonWebKey*> found;
  for (const JsonWebKey& key : keys) {
    if (key.suits(algorithm) && (!has_id || is_text(id, key.id()))) found.push_back(&key);
  }
  if (!has_id && found.size() != 1) found.clear();
  return found;
}

std::optional<TokenFlaw> flaw_of_signature(const Parts& parts, const KeySet& keys,
                                           JwsAlgorithm& algorithm) {
  const auto header = object_in(parts.header);
  const auto signature = core::from_base64url(parts.signature);
  if (!header || !signature || !is_plain(*header)) return TokenFlaw::unreadable;
  const Json::Value& named = (*header)["alg"];
  const auto known = named.isString() ? parse_algorithm(named.asString()) : std::nullopt;
  if (!known) return TokenFlaw::algorithm;
  algorithm = *known;
  const auto candidates = keys_for(*header, algorithm, keys);
  if (candidates.empty()) return TokenFlaw::key;
  const auto content = core::as_bytes(parts.signed_text);
  const bool is_good = std::ranges::any_of(candidates, [&](const JsonWebKey* key) {
    return key->verifies(algorithm, content, *signature);
  });
  return is_good ? std::nullopt : std::optional(TokenFlaw::signature);
}

/// Seconds since 1970 (RFC 7519 §2, NumericDate) of a moment that a clock may show.
std::optional<core::Time> moment_of(const Json::Value& value) {
  constexpr double kYear9999 = 253'402'300'800.0;
  if (!value.isNumeric()) return std::nullopt;
  const double seconds = value.asDouble();
  if (!std::isfinite(seconds) || seconds < 0 || seconds >= kYear9999) return std::nullopt;
  return core::Time(std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6)));
}

/// For us alone: a token that others may have too is taken from nobody who is not trusted to keep
/// it (§3.1.3.7 steps 3 to 5).
bool is_for(const Json::Value& claims, const std::string& client) {
  const Json::Value& audience = claims["aud"];
  const bool is_ours = is_text(audience, client) ||
                       (audience.isArray() && audience.size() == 1 && is_text(audience[0], client));
  return is_ours && (!claims.isMember("azp") || is_text(claims["azp"], client));
}

std::optional<TokenFlaw> flaw_of_time(const Json::Value& claims, core::Time now) {
  const auto expires_at = moment_of(claims["exp"]);
  if (!expires_at || now >= *expires_at + kClockSkew) return TokenFlaw::expired;
  const auto issued_at = moment_of(claims["iat"]);
  if (!issued_at || *issued_at > now + kClockSkew ||
      *issued_at + kLongestTokenAge + kClockSkew < now) {
    return TokenFlaw::time;
  }
  if (!claims.isMember("nbf")) return std::nullopt;
  const auto not_before = moment_of(claims["nbf"]);
  if (!not_before || *not_before > now + kClockSkew) return TokenFlaw::time;
  return std::nullopt;
}

/// §3.1.3.6: the left half of a hash of the access token, by the hash that the signature has.
bool is_of_access_token(const Json::Value& at_hash, const std::string& access_token,
                        JwsAlgorithm algorithm) {
  if (access_token.empty() || !at_hash.isString()) return false;
  const auto shown = core::from_base64url(at_hash.asString());
  const EVP_MD* digest = algorithm == JwsAlgorithm::eddsa ? EVP_sha512() : EVP_sha256();
  std::array<core::Byte, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (!shown || EVP_Digest(access_token.data(), access_token.size(), hash.data(), &size, digest,
                           nullptr) != 1) {
    return false;
  }
  return core::equal_in_constant_time(*shown, core::ByteView(hash).first(size / 2));
}

std::optional<TokenFlaw> flaw_of_claims(const Json::Value& claims, const Expected& expected,
                                        JwsAlgorithm algorithm) {
  if (!is_text(claims["iss"], expected.issuer)) return TokenFlaw::issuer;
  if (!is_for(claims, expected.client_id)) return TokenFlaw::audience;
  if (const auto flaw = flaw_of_time(claims, expected.now)) return flaw;
  const Json::Value& nonce = claims["nonce"];
  if (!nonce.isString() || !core::equal_in_constant_time(core::as_bytes(nonce.asString()),
                                                         core::as_bytes(expected.nonce))) {
    return TokenFlaw::nonce;
  }
  if (claims.isMember("at_hash") &&
      !is_of_access_token(claims["at_hash"], expected.access_token, algorithm)) {
    return TokenFlaw::access_token;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(TokenFlaw flaw) { return kFlawNames.at(static_cast<std::size_t>(flaw)); }

bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= kLongestSubject &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::variant<IdToken, TokenFlaw> read_id_token(std::string_view token, const KeySet& keys,
                                               const Expected& expected) {
  const auto parts = parts_of(token);
  if (!parts) return TokenFlaw::unreadable;
  JwsAlgorithm algorithm{};
  if (const auto flaw = flaw_of_signature(*parts, keys, algorithm)) return *flaw;
  const auto claims = object_in(parts->claims);
  if (!claims) return TokenFlaw::unreadable;
  if (const auto flaw = flaw_of_claims(*claims, expected, algorithm)) return *flaw;
  const Json::Value& subject = (*claims)["sub"];
  if (!subject.isString() || !is_subject(subject.asString())) return TokenFlaw::subject;
  IdToken read{subject.asString(), "", {}};
  const Json::Value acr = claims->get("acr", "");
  const Json::Value amr = claims->get("amr", Json::arrayValue);
  if (!acr.isString() || !amr.isArray()) return TokenFlaw::unreadable;
  read.acr = acr.asString();
  for (const Json::Value& method : amr) {
    if (!method.isString()) return TokenFlaw::unreadable;
    read.amr.push_back(method.asString());
  }
  return read;
}

}  // namespace sekisho::openid
