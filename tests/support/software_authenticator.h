// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/encoding.h"
#include "core/secret.h"

namespace sekisho::tests {

/// An authenticator as W3C Web Authentication has it, and the browser before it: one key, and every
/// lie that a test wants. What it says is put together by hand, from the text of the standard.
class SoftwareAuthenticator {
 public:
  // §6.1: flags.
  static constexpr core::Byte kPresent = 0x01;
  static constexpr core::Byte kVerified = 0x04;
  static constexpr core::Byte kMayBeCopied = 0x08;
  static constexpr core::Byte kIsCopied = 0x10;
  static constexpr core::Byte kCredential = 0x40;
  static constexpr core::Byte kExtensions = 0x80;

  /// "EC" (P-256), "RSA" (2,048 bits) or "ED25519".
  explicit SoftwareAuthenticator(std::string kind = "EC")
      : kind_(std::move(kind)), key_(new_key(kind_)) {}

  std::string party = "share.hospital.example";
  std::string origin = "https://share.hospital.example";
  std::string cross_origin = "false";
  core::Byte flags = kPresent | kVerified;
  std::uint32_t count = 1;
  core::Bytes name = core::Bytes(32, 0x17);
  core::Bytes behind;  ///< whatever stands behind the authenticator data

  /// §5.8.1.
  std::string client_data(std::string_view type, std::string_view challenge) const {
    return R"({"type":")" + std::string(type) + R"(","challenge":")" + std::string(challenge) +
           R"(","origin":")" + origin + R"(","crossOrigin":)" + cross_origin + "}";
  }
  /// §6.1 and §6.5.1, of an enrolment.
  core::Bytes new_credential() const {
    core::Bytes data = head(flags | kCredential);
    data.insert(data.end(), 16, 0x00);
    data.push_back(static_cast<core::Byte>(name.size() >> 8));
    data.push_back(static_cast<core::Byte>(name.size()));
    append(data, name);
    append(data, public_key());
    append(data, behind);
    return data;
  }
  /// §6.1, of an assertion.
  core::Bytes assertion() const {
    core::Bytes data = head(flags);
    append(data, behind);
    return data;
  }
  /// §6.3.3 step 11: over what it says and the hash of what the browser says.
  core::Bytes sign(core::ByteView assertion, std::string_view client_data) const {
    core::Bytes text(assertion.begin(), assertion.end());
    const core::Sha256 hash = core::sha256(core::as_bytes(client_data));
    append(text, hash);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    const EVP_MD* digest = kind_ == "ED25519" ? nullptr : EVP_sha256();
    EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()), 1);
    std::size_t size = 0;
    EXPECT_EQ(EVP_DigestSign(context.get(), nullptr, &size, text.data(), text.size()), 1);
    core::Bytes signature(size);
    EXPECT_EQ(EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()), 1);
    signature.resize(size);
    return signature;
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

  static Key new_key(const std::string& kind) {
    EVP_PKEY* key = nullptr;
    if (kind == "EC") key = EVP_EC_gen("P-256");
    if (kind == "RSA") key = EVP_RSA_gen(2048);
    if (kind == "ED25519") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    EXPECT_NE(key, nullptr);
    return {key, EVP_PKEY_free};
  }
  static void append(core::Bytes& to, core::ByteView more) {
    to.insert(to.end(), more.begin(), more.end());
  }
  core::Bytes head(core::Byte with) const {
    const core::Sha256 hash = core::sha256(core::as_bytes(party));
    core::Bytes data(hash.begin(), hash.end());
    data.push_back(with);
    for (int shift = 24; shift >= 0; shift -= 8) {
      data.push_back(static_cast<core::Byte>(count >> shift));
    }
    return data;
  }
  /// RFC 9053 §7 and RFC 8812 §2, in CTAP2's canonical CBOR.
  core::Bytes public_key() const {
    core::Bytes encoded;
    if (kind_ == "EC") {
      core::Bytes point(65);
      std::size_t size = 0;
      EXPECT_EQ(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                point.size(), &size),
                1);
      encoded = {0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20};
      append(encoded, core::ByteView(point).subspan(1, 32));
      append(encoded, core::Bytes{0x22, 0x58, 0x20});
      append(encoded, core::ByteView(point).subspan(33));
    } else if (kind_ == "RSA") {
      BIGNUM* modulus = nullptr;
      EXPECT_EQ(EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_N, &modulus), 1);
      core::Bytes bytes(256);
      EXPECT_EQ(BN_bn2binpad(modulus, bytes.data(), 256), 256);
      BN_free(modulus);
      encoded = {0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00};
      append(encoded, bytes);
      append(encoded, core::Bytes{0x21, 0x43, 0x01, 0x00, 0x01});
    } else {
      core::Bytes bytes(32);
      std::size_t size = bytes.size();
      EXPECT_EQ(EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size), 1);
      encoded = {0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20};
      append(encoded, bytes);
    }
    return encoded;
  }

  std::string kind_;
  Key key_;
};

}  // namespace sekisho::tests
