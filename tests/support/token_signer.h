// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/encoding.h"
#include "core/json_body.h"

namespace sekisho::tests {

/// A key pair of an identity provider: shows its public half as a JWK, and signs what a provider
/// would sign, or what none would.
class TokenSigner {
 public:
  explicit TokenSigner(const std::string& algorithm, std::string id = "k1",
                       unsigned rsa_bits = 2048)
      : algorithm_(algorithm), id_(std::move(id)), key_(make(algorithm, rsa_bits)) {
    if (!key_) throw std::runtime_error("no key");
  }

  Json::Value jwk() const {
    Json::Value jwk;
    jwk["kid"] = id_;
    jwk["use"] = "sig";
    if (is_rsa()) {
      jwk["kty"] = "RSA";
      jwk["n"] = number(OSSL_PKEY_PARAM_RSA_N, 0);
      jwk["e"] = number(OSSL_PKEY_PARAM_RSA_E, 0);
    } else if (algorithm_ == "ES256") {
      jwk["kty"] = "EC";
      jwk["crv"] = "P-256";
      jwk["x"] = number(OSSL_PKEY_PARAM_EC_PUB_X, 32);
      jwk["y"] = number(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    } else {
      jwk["kty"] = "OKP";
      jwk["crv"] = "Ed25519";
      core::Bytes raw(32);
      std::size_t size = raw.size();
      EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size);
      jwk["x"] = core::to_base64url(raw);
    }
    return jwk;
  }
  Json::Value header() const {
    Json::Value header;
    header["alg"] = algorithm_;
    header["kid"] = id_;
    header["typ"] = "JWT";
    return header;
  }

  /// A JWS in compact form.
  std::string token(const Json::Value& claims) const { return token(header(), claims); }
  std::string token(const Json::Value& header, const Json::Value& claims) const {
    return token_of_texts(core::to_text(header), core::to_text(claims));
  }
  std::string token_of_texts(std::string_view header, std::string_view claims) const {
    const std::string content = part(header) + '.' + part(claims);
    return content + '.' + core::to_base64url(signature(content));
  }
  static std::string part(std::string_view text) {
    return core::to_base64url(core::as_bytes(text));
  }

  core::Bytes signature(const std::string& content) const {
    const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;
    const EVP_MD* digest = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
    EVP_DigestSignInit(context.get(), &settings, digest, nullptr, key_.get());
    if (algorithm_ == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
    }
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(content.data());
    EVP_DigestSign(context.get(), nullptr, &size, data, content.size());
    core::Bytes made(size);
    EVP_DigestSign(context.get(), made.data(), &size, data, content.size());
    made.resize(size);
    return algorithm_ == "ES256" ? two_numbers(made) : made;
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  };
  static EVP_PKEY* make(const std::string& algorithm, unsigned rsa_bits) {
    if (algorithm == "ES256") return EVP_EC_gen("P-256");
    if (algorithm == "EdDSA") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    return EVP_RSA_gen(rsa_bits);
  }
  bool is_rsa() const { return algorithm_ == "RS256" || algorithm_ == "PS256"; }
  /// In base64url; of `bytes` bytes, 0: as few as it has.
  std::string number(const char* name, int bytes) const {
    BIGNUM* found = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &found);
    const std::unique_ptr<BIGNUM, Free> number(found);
    core::Bytes written(static_cast<std::size_t>(bytes == 0 ? BN_num_bytes(found) : bytes));
    BN_bn2binpad(found, written.data(), static_cast<int>(written.size()));
    return core::to_base64url(written);
  }
  static core::Bytes two_numbers(const core::Bytes& der) {
    const unsigned char* cursor = der.data();
    const std::unique_ptr<ECDSA_SIG, Free> numbers(
        d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
    core::Bytes both(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), both.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), both.data() + 32, 32);
    return both;
  }

  const std::string algorithm_;
  const std::string id_;
  const std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace sekisho::tests
