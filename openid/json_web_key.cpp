// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/json_web_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <variant>

#include "core/encoding.h"
#include "core/json_body.h"
#include "core/openssl_errors.h"

namespace sekisho::openid {
namespace {

constexpr std::size_t kMostKeys = 32;
constexpr std::size_t kCoordinateBytes = 32;  // of P-256, and of its signatures' two numbers
constexpr std::size_t kEd25519Bytes = 32;
constexpr int kLeastRsaBits = 2048;  // RFC 7518 §3.3
constexpr int kMostRsaBits = 4096;
constexpr std::size_t kMostExponentBytes = 8;

/// In the order of JwsAlgorithm.
constexpr std::array<std::string_view, 4> kAlgorithmNames = {"RS256", "PS256", "ES256", "EdDSA"};

struct Free {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};
template <class Type>
using Owned = std::unique_ptr<Type, Free>;

template <class Type>
Owned<Type> owned(Type* handle) {
  if (handle == nullptr) throw std::bad_alloc();
  return Owned<Type>(handle);
}

/// RFC 7518 §2: Base64urlUInt, or octets in base64url.
core::Bytes bytes_of(const Json::Value& jwk, const char* name) {
  if (!jwk[name].isString()) return {};
  return core::from_base64url(jwk[name].asString()).value_or(core::Bytes());
}

Owned<BIGNUM> number_of(core::ByteView bytes) {
  return owned(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

/// A public key of these numbers, if they can be one of `type`.
EVP_PKEY* make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const auto parameters = owned(OSSL_PARAM_BLD_to_param(builder));
  const auto making = owned(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(making.get()) != 1 ||
      EVP_PKEY_fromdata(making.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  const auto checking = owned(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (EVP_PKEY_public_check(checking.get()) == 1) return key;
  EVP_PKEY_free(key);
  return nullptr;
}

/// Whether the key is for signatures, as far as it says so (RFC 7517 §4.2, §4.3).
bool is_for_signatures(const Json::Value& jwk) {
  if (jwk.isMember("use") && jwk["use"] != "sig") return false;
  if (!jwk.isMember("key_ops")) return true;
  const Json::Value& uses = jwk["key_ops"];
  return uses.isArray() &&
         std::ranges::any_of(uses, [](const Json::Value& use) { return use == "verify"; });
}

/// RFC 7518 §3.4 has two numbers of 32 bytes, OpenSSL wants them in DER.
core::Bytes in_der(core::ByteView signature) {
  if (signature.size() != 2 * kCoordinateBytes) return {};
  const auto numbers = owned(ECDSA_SIG_new());
  auto r = number_of(signature.first(kCoordinateBytes));
  auto s = number_of(signature.last(kCoordinateBytes));
  ECDSA_SIG_set0(numbers.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  if (size <= 0) throw std::bad_alloc();
  core::Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

std::optional<JwsAlgorithm> parse_algorithm(std::string_view name) {
  const auto* const found = std::ranges::find(kAlgorithmNames, name);
  if (found == kAlgorithmNames.end()) return std::nullopt;
  return static_cast<JwsAlgorithm>(found - kAlgorithmNames.begin());
}

void JsonWebKey::FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

std::optional<JsonWebKey> JsonWebKey::read_rsa(const Json::Value& jwk) {
  const auto modulus = number_of(bytes_of(jwk, "n"));
  const core::Bytes exponent = bytes_of(jwk, "e");
  const int bits = BN_num_bits(modulus.get());
  if (bits < kLeastRsaBits || bits > kMostRsaBits || exponent.size() > kMostExponentBytes) {
    return std::nullopt;
  }
  const auto power = number_of(exponent);
  const auto builder = owned(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, power.get());
  Handle key(make_key("RSA", builder.get()));
  if (!key) return std::nullopt;
  return JsonWebKey(Kind::rsa, std::move(key));
}

std::optional<JsonWebKey> JsonWebKey::read_p256(const Json::Value& jwk) {
  const core::Bytes x = bytes_of(jwk, "x");
  const core::Bytes y = bytes_of(jwk, "y");
  if (jwk["crv"] != "P-256" || x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return std::nullopt;
  }
  core::Bytes point = {POINT_CONVERSION_UNCOMPRESSED};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const auto builder = owned(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  Handle key(make_key("EC", builder.get()));
  if (!key) return std::nullopt;
  return JsonWebKey(Kind::p256, std::move(key));
}

std::optional<JsonWebKey> JsonWebKey::read_ed25519(const Json::Value& jwk) {
  const core::Bytes x = bytes_of(jwk, "x");
  if (jwk["crv"] != "Ed25519" || x.size() != kEd25519Bytes) return std::nullopt;
  Handle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x.data(), x.size()));
  if (!key) return std::nullopt;
  return JsonWebKey(Kind::ed25519, std::move(key));
}

std::optional<JsonWebKey> JsonWebKey::read(const Json::Value& jwk) {
  const core::OpensslErrorMark mark;
  if (!jwk.isObject() || !jwk["kty"].isString() || !is_for_signatures(jwk)) return std::nullopt;
  if (jwk.isMember("kid") && !jwk["kid"].isString()) return std::nullopt;
  const std::string type = jwk["kty"].asString();
  std::optional<JsonWebKey> key;
  if (type == "RSA") key = read_rsa(jwk);
  if (type == "EC") key = read_p256(jwk);
  if (type == "OKP") key = read_ed25519(jwk);
  if (!key) return std::nullopt;
  key->id_ = jwk.get("kid", "").asString();
  if (jwk.isMember("alg")) {
    if (!jwk["alg"].isString()) return std::nullopt;
    key->only_ = parse_algorithm(jwk["alg"].asString());
    if (!key->only_) return std::nullopt;
  }
  return key;
}

bool JsonWebKey::suits(JwsAlgorithm algorithm) const {
  if (only_ && *only_ != algorithm) return false;
  switch (algorithm) {
    case JwsAlgorithm::rs256:
    case JwsAlgorithm::ps256:
      return kind_ == Kind::rsa;
    case JwsAlgorithm::es256:
      return kind_ == Kind::p256;
    case JwsAlgorithm::eddsa:
      return kind_ == Kind::ed25519;
  }
  return false;
}

bool JsonWebKey::verifies(JwsAlgorithm algorithm, core::ByteView content,
                          core::ByteView signature) const {
  if (!suits(algorithm)) return false;
  const core::OpensslErrorMark mark;
  const core::Bytes der = kind_ == Kind::p256 ? in_der(signature) : core::Bytes();
  if (kind_ == Kind::p256) signature = der;
  const auto context = owned(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;  // the context's
  const EVP_MD* digest = kind_ == Kind::ed25519 ? nullptr : EVP_sha256();
  if (EVP_DigestVerifyInit(context.get(), &settings, digest, nullptr, key_.get()) != 1) {
    return false;
  }
  // RFC 7518 §3.5: the salt is as long as the hash, and the mask is made with the same hash.
  if (algorithm == JwsAlgorithm::ps256 &&
      (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) != 1 ||
       EVP_PKEY_CTX_set_rsa_mgf1_md(settings, EVP_sha256()) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), content.data(),
                          content.size()) == 1;
}

std::optional<KeySet> read_key_set(std::string_view json) {
  const auto parsed = core::parse_json_object(json);
  const auto* set = std::get_if<Json::Value>(&parsed);
  if (set == nullptr || !(*set)["keys"].isArray()) return std::nullopt;
  const Json::Value& listed = (*set)["keys"];
  KeySet keys;
  for (Json::ArrayIndex i = 0; i < std::min<Json::ArrayIndex>(listed.size(), kMostKeys); ++i) {
    if (auto key = JsonWebKey::read(listed[i])) keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace sekisho::openid
