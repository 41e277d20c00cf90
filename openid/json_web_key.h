// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace sekisho::openid {

/// How a provider may sign (RFC 7518 §3.1, RFC 8037 §3.1): with a private key, in each of these
/// ways. What a shared secret has signed, or nobody, is signed in none of them.
enum class JwsAlgorithm { rs256, ps256, es256, eddsa };
/// Of "RS256", "PS256", "ES256", "EdDSA", in exactly this spelling.
std::optional<JwsAlgorithm> parse_algorithm(std::string_view name);

/// A public key of a provider. Any thread.
class JsonWebKey {
 public:
  /// RFC 7517 §4: RSA of 2,048 to 4,096 bits, a point of P-256, or Ed25519, for signatures.
  /// `nullopt` for every other key, which is passed over (§5).
  static std::optional<JsonWebKey> read(const Json::Value& jwk);

  /// "kid"; may be empty.
  const std::string& id() const { return id_; }
  /// Whether it is of the kind that signs like that, and is not bound to another way.
  bool suits(JwsAlgorithm algorithm) const;
  /// Whether its owner has signed `content` so. `signature` as RFC 7518 §3.3 to §3.5 and RFC 8037
  /// §3.1 have it. False too where the key does not suit.
  bool verifies(JwsAlgorithm algorithm, core::ByteView content, core::ByteView signature) const;

 private:
  enum class Kind { rsa, p256, ed25519 };
  struct FreeKey {
    void operator()(evp_pkey_st* key) const;
  };
  using Handle = std::unique_ptr<evp_pkey_st, FreeKey>;
  JsonWebKey(Kind kind, Handle key) : kind_(kind), key_(std::move(key)) {}
  static std::optional<JsonWebKey> read_rsa(const Json::Value& jwk);
  static std::optional<JsonWebKey> read_p256(const Json::Value& jwk);
  static std::optional<JsonWebKey> read_ed25519(const Json::Value& jwk);

  Kind kind_;
  Handle key_;
  std::string id_;
  std::optional<JwsAlgorithm> only_;  ///< "alg", where it has one
};

using KeySet = std::vector<JsonWebKey>;
/// The usable keys of a JWK Set (RFC 7517 §5), of the first 32 in it. `nullopt` for what is none.
std::optional<KeySet> read_key_set(std::string_view json);

}  // namespace sekisho::openid
