// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/json_web_key.h"

#include <gtest/gtest.h>

#include "support/token_signer.h"

namespace sekisho::openid {
namespace {

using tests::TokenSigner;

const std::string kContent = "header.claims";

TEST(JsonWebKey, VerifiesWhatItsOwnerHasSignedInItsWay) {
  for (const char* algorithm : {"RS256", "PS256", "ES256", "EdDSA"}) {
    const TokenSigner signer(algorithm);
    const TokenSigner another(algorithm);
    const auto key = JsonWebKey::read(signer.jwk());
    ASSERT_TRUE(key) << algorithm;
    const auto way = *parse_algorithm(algorithm);
    core::Bytes signature = signer.signature(kContent);
    EXPECT_TRUE(key->verifies(way, core::as_bytes(kContent), signature)) << algorithm;
    EXPECT_FALSE(key->verifies(way, core::as_bytes("header.claimt"), signature)) << algorithm;
    EXPECT_FALSE(key->verifies(way, core::as_bytes(kContent), another.signature(kContent)));
    EXPECT_FALSE(key->verifies(way, core::as_bytes(kContent), {}));
    signature.push_back(0);
    EXPECT_FALSE(key->verifies(way, core::as_bytes(kContent), signature));
    signature.resize(signature.size() - 2);
    EXPECT_FALSE(key->verifies(way, core::as_bytes(kContent), signature));
  }
}

TEST(JsonWebKey, IsForItsOwnWaysAlone) {
  const TokenSigner rsa("RS256");
  const auto key = JsonWebKey::read(rsa.jwk());
  const auto signature = rsa.signature(kContent);
  EXPECT_FALSE(key->verifies(JwsAlgorithm::ps256, core::as_bytes(kContent), signature));
  EXPECT_FALSE(key->verifies(JwsAlgorithm::es256, core::as_bytes(kContent), signature));
  Json::Value bound = rsa.jwk();
  bound["alg"] = "PS256";
  EXPECT_FALSE(JsonWebKey::read(bound)->suits(JwsAlgorithm::rs256));
  EXPECT_TRUE(JsonWebKey::read(bound)->suits(JwsAlgorithm::ps256));
}

// RFC 7518 §3.4 has two numbers, and no DER; two zeros are the signature of nobody.
TEST(JsonWebKey, TakesNoSignatureOfP256InAnotherForm) {
  const TokenSigner signer("ES256");
  const auto key = JsonWebKey::read(signer.jwk());
  EXPECT_FALSE(key->verifies(JwsAlgorithm::es256, core::as_bytes(kContent), core::Bytes(64)));
  EXPECT_FALSE(key->verifies(JwsAlgorithm::es256, core::as_bytes(kContent), core::Bytes(72, 1)));
}

TEST(JsonWebKey, KnowsNoAlgorithmOfSharedSecretsAndNoneOfNobody) {
  for (const char* name : {"none", "None", "HS256", "HS384", "HS512", "RS1", "RS384", "rs256", "",
                           "ES256K", "RSA-OAEP", "dir"}) {
    EXPECT_FALSE(parse_algorithm(name)) << name;
  }
}

TEST(JsonWebKey, PassesOverWhatIsNoKeyOfOurs) {
  const Json::Value rsa = TokenSigner("RS256").jwk();
  const Json::Value ec = TokenSigner("ES256").jwk();
  const Json::Value okp = TokenSigner("EdDSA").jwk();
  const auto with = [](Json::Value key, const char* name, const Json::Value& value) {
    key[name] = value;
    return key;
  };
  const std::string huge(std::size_t{4} * 1024, 'A');
  Json::Value operations;
  operations.append("sign");
  for (const Json::Value& key :
       {Json::Value("RSA"), with(rsa, "kty", "oct"), with(rsa, "kty", 1), with(rsa, "use", "enc"),
        with(rsa, "key_ops", operations), with(rsa, "alg", "HS256"), with(rsa, "alg", "none"),
        with(rsa, "kid", 7), with(rsa, "n", ""), with(rsa, "e", ""), with(rsa, "e", "Ag"),  // 2
        with(rsa, "e", rsa["n"]), with(rsa, "n", "_" + huge), with(ec, "crv", "P-384"),
        with(ec, "x", ec["y"]),  // on no curve
        with(ec, "x", "AA"), with(okp, "crv", "X25519"), with(okp, "x", "AA")}) {
    EXPECT_FALSE(JsonWebKey::read(key)) << core::to_text(key).substr(0, 200);
  }
  EXPECT_FALSE(JsonWebKey::read(TokenSigner("RS256", "k1", 1024).jwk()));
}

TEST(KeySet, ReadsTheUsableOnesAndSoManyAtMost) {
  Json::Value set;
  set["keys"].append(TokenSigner("RS256", "a").jwk());
  set["keys"].append(Json::Value("rubbish"));
  set["keys"].append(TokenSigner("EdDSA", "b").jwk());
  auto keys = read_key_set(core::to_text(set));
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ(keys->at(0).id(), "a");
  EXPECT_EQ(keys->at(1).id(), "b");
  const Json::Value one = TokenSigner("EdDSA").jwk();
  for (int i = 0; i < 100; ++i) set["keys"].append(one);
  EXPECT_EQ(read_key_set(core::to_text(set))->size(), 31U);
  for (const char* none : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[]} {})", "\xFF"}) {
    EXPECT_FALSE(read_key_set(none)) << none;
  }
}

}  // namespace
}  // namespace sekisho::openid
