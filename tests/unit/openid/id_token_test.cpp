// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/id_token.h"

#include <gtest/gtest.h>
#include <json/writer.h>

#include <functional>

#include "core/digest.h"
#include "support/token_signer.h"

namespace sekisho::openid {
namespace {

using tests::TokenSigner;

constexpr std::int64_t kNow = 1'770'000'000;

class IdTokens : public testing::Test {
 protected:
  IdTokens() { keep(signer); }

  void keep(const TokenSigner& another) { keys.push_back(*JsonWebKey::read(another.jwk())); }
  static Json::Value claims() {
    Json::Value claims;
    claims["iss"] = "https://id.example";
    claims["aud"] = "sekisho";
    claims["sub"] = "u-7";
    claims["nonce"] = "n-1";
    claims["iat"] = Json::Int64{kNow - 5};
    claims["exp"] = Json::Int64{kNow + 300};
    return claims;
  }
  std::string read(const std::string& token) const {
    const auto answer = read_id_token(token, keys, expected);
    if (const auto* flaw = std::get_if<TokenFlaw>(&answer)) return std::string(name(*flaw));
    return "taken: " + std::get<IdToken>(answer).subject;
  }
  /// With one claim that is another, or with none of that name.
  std::string read_with(const char* claim, const Json::Value& value) const {
    Json::Value changed = claims();
    changed[claim] = value;
    return read(signer.token(changed));
  }
  std::string read_without(const char* claim) const {
    Json::Value changed = claims();
    changed.removeMember(claim);
    return read(signer.token(changed));
  }
  std::string read_with_header(const char* field, const Json::Value& value) const {
    Json::Value header = signer.header();
    header[field] = value;
    return read(signer.token(header, claims()));
  }

  const TokenSigner signer{"ES256"};
  KeySet keys;
  Expected expected{"https://id.example", "sekisho", "n-1", "the access token",
                    core::Time(std::chrono::seconds(kNow))};
};

TEST_F(IdTokens, SaysWhoItIsWhateverWayItWasSigned) {
  for (const char* algorithm : {"RS256", "PS256", "ES256", "EdDSA"}) {
    const TokenSigner another(algorithm, std::string("of ") + algorithm);
    keep(another);
    EXPECT_EQ(read(another.token(claims())), "taken: u-7") << algorithm;
  }
  Json::Value sure = claims();
  sure["acr"] = "urn:two";
  sure["amr"].append("pwd");
  sure["amr"].append("mfa");
  const auto token = std::get<IdToken>(read_id_token(signer.token(sure), keys, expected));
  EXPECT_EQ(token.acr, "urn:two");
  EXPECT_EQ(token.amr, (std::vector<std::string>{"pwd", "mfa"}));
}

TEST_F(IdTokens, IsSignedByAKeyPairOfTheProvider) {
  EXPECT_EQ(read(TokenSigner("ES256").token(claims())), "id_token_signature");
  EXPECT_EQ(read(TokenSigner("ES256", "k2").token(claims())), "id_token_key");
  const auto with_algorithm = [&](const Json::Value& algorithm) {
    return read_with_header("alg", algorithm);
  };
  for (const char* none : {"none", "None", "NONE", "HS256", "HS512", "ES384", "es256", ""}) {
    EXPECT_EQ(with_algorithm(none), "id_token_algorithm") << none;
  }
  EXPECT_EQ(with_algorithm(Json::Value()), "id_token_algorithm");
  EXPECT_EQ(with_algorithm(256), "id_token_algorithm");
  EXPECT_EQ(with_algorithm("RS256"), "id_token_key");  // whose it is for another way
  EXPECT_EQ(read(TokenSigner::part(R"({"alg":"none"})") + '.' +
                 TokenSigner::part(core::to_text(claims())) + '.'),
            "id_token_algorithm");
}

// The oldest of forgeries: the public key, which everybody has, as the secret of an HMAC.
TEST_F(IdTokens, IsNotSignedWithThePublicKeyAsASecret) {
  const std::string secret = core::to_text(signer.jwk());
  Json::Value header = signer.header();
  header["alg"] = "HS256";
  const std::string content =
      TokenSigner::part(core::to_text(header)) + '.' + TokenSigner::part(core::to_text(claims()));
  const auto mac = core::hmac_sha256(core::as_bytes(secret), {core::as_bytes(content)});
  EXPECT_EQ(read(content + '.' + core::to_base64url(mac)), "id_token_algorithm");
}

TEST_F(IdTokens, NamesItsKeyWhereThereIsAChoice) {
  Json::Value header = signer.header();
  header.removeMember("kid");
  const std::string token = signer.token(header, claims());
  EXPECT_EQ(read(token), "taken: u-7");
  keep(TokenSigner("RS256", "of another kind"));
  EXPECT_EQ(read(token), "taken: u-7");
  keep(TokenSigner("ES256", "k2"));
  EXPECT_EQ(read(token), "id_token_key");
  EXPECT_EQ(read_with_header("kid", 1), "id_token_key");
  EXPECT_EQ(read_with_header("kid", Json::Value()), "id_token_key");
}

// Of keys that stand in the token itself, and addresses of such, nothing is taken.
TEST_F(IdTokens, BringsNoKeyOfItsOwn) {
  const TokenSigner stranger("ES256");
  Json::Value header = stranger.header();
  header["jwk"] = stranger.jwk();
  header["jku"] = "https://evil.example/keys";
  EXPECT_EQ(read(stranger.token(header, claims())), "id_token_signature");
}

TEST_F(IdTokens, WantsNothingThatIsNotUnderstood) {
  Json::Value critical;
  critical.append("exp");
  EXPECT_EQ(read_with_header("crit", critical), "id_token_unreadable");
  EXPECT_EQ(read_with_header("cty", "JWT"), "id_token_unreadable");
  for (const char* type : {"at+jwt", "logout+jwt", "JOSE", ""}) {
    EXPECT_EQ(read_with_header("typ", type), "id_token_unreadable") << type;
  }
}

TEST_F(IdTokens, IsOneSignedTextAndNothingElse) {
  const std::string good = signer.token(claims());
  const auto header_end = good.find('.');
  EXPECT_EQ(read(good), "taken: u-7");
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_NE(read(good.substr(0, i)), "taken: u-7") << i;
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(read(changed), "taken: u-7") << i;
  }
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("...."), good + '.',
        good + '=', good + "\n", ' ' + good, good + ".e.e",  // encrypted: five parts
        good.substr(0, header_end) + "=" + good.substr(header_end),
        std::string(20'000, 'A') + '.' + good, std::string("{\"payload\":\"\"}")}) {
    EXPECT_EQ(read(bad), "id_token_unreadable") << bad.substr(0, 80);
  }
}

TEST_F(IdTokens, SaysEverythingOnce) {
  const std::string header = core::to_text(signer.header());
  const std::string text = core::to_text(claims());
  const std::string twice = text.substr(0, text.size() - 1) + R"(,"sub":"u-8"})";
  EXPECT_EQ(read(signer.token_of_texts(header, twice)), "id_token_unreadable");
  const std::string escaped = text.substr(0, text.size() - 1) + R"(,"su\u0062":"u-8"})";
  EXPECT_EQ(read(signer.token_of_texts(header, escaped)), "id_token_unreadable");
  const std::string two_ways = header.substr(0, header.size() - 1) + R"(,"alg":"none"})";
  EXPECT_EQ(read(signer.token_of_texts(two_ways, text)), "id_token_unreadable");
  for (const char* bad : {"", "null", "[]", "\"text\"", "{", "\xFF\xFE", "{} {}",
                          "{\"a\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}"}) {
    EXPECT_EQ(read(signer.token_of_texts(header, bad)), "id_token_unreadable") << bad;
    EXPECT_EQ(read(signer.token_of_texts(bad, text)), "id_token_unreadable") << bad;
  }
}

TEST_F(IdTokens, IsOurProviders) {
  for (const char* issuer : {"https://id.example/", "https://ID.example", "http://id.example",
                             "https://id.example.evil.example", ""}) {
    EXPECT_EQ(read_with("iss", issuer), "id_token_issuer") << issuer;
  }
  Json::Value list;
  list.append("https://id.example");
  EXPECT_EQ(read_with("iss", list), "id_token_issuer");
  EXPECT_EQ(read_without("iss"), "id_token_issuer");
}

TEST_F(IdTokens, IsForUsAlone) {
  Json::Value ours;
  ours.append("sekisho");
  EXPECT_EQ(read_with("aud", ours), "taken: u-7");
  ours.append("another");
  EXPECT_EQ(read_with("aud", ours), "id_token_audience");
  EXPECT_EQ(read_with("aud", Json::arrayValue), "id_token_audience");
  for (const Json::Value& other :
       {Json::Value("another"), Json::Value("Sekisho"), Json::Value("sekisho "), Json::Value(7),
        Json::Value(true), Json::Value()}) {
    EXPECT_EQ(read_with("aud", other), "id_token_audience") << other;
  }
  EXPECT_EQ(read_without("aud"), "id_token_audience");
  EXPECT_EQ(read_with("azp", "sekisho"), "taken: u-7");
  EXPECT_EQ(read_with("azp", "another"), "id_token_audience");
  EXPECT_EQ(read_with("azp", Json::Value()), "id_token_audience");
}

TEST_F(IdTokens, IsForNow) {
  const auto at = [](double offset) { return Json::Value(static_cast<double>(kNow) + offset); };
  EXPECT_EQ(read_with("exp", at(-59)), "taken: u-7");
  EXPECT_EQ(read_with("exp", at(-60)), "id_token_expired");
  EXPECT_EQ(read_with("iat", at(60)), "taken: u-7");
  EXPECT_EQ(read_with("iat", at(61)), "id_token_time");
  EXPECT_EQ(read_with("iat", at(-660)), "taken: u-7");
  EXPECT_EQ(read_with("iat", at(-661)), "id_token_time");
  EXPECT_EQ(read_with("nbf", at(60)), "taken: u-7");
  EXPECT_EQ(read_with("nbf", at(61)), "id_token_time");
  EXPECT_EQ(read_without("exp"), "id_token_expired");
  EXPECT_EQ(read_without("iat"), "id_token_time");
}

TEST_F(IdTokens, HasNumbersThatAreMoments) {
  const std::string header = core::to_text(signer.header());
  const auto with_text = [&](const std::string& number) {
    std::string text = core::to_text(claims());
    const std::string written = std::to_string(kNow + 300);
    return read(
        signer.token_of_texts(header, text.replace(text.find(written), written.size(), number)));
  };
  EXPECT_EQ(with_text(std::to_string(kNow + 300) + ".5"), "taken: u-7");
  for (const char* number : {"1e400", "-1e400", "-1", "99999999999999999999999999",
                             "9223372036854775807", "18446744073709551615", "253402300800",
                             "\"1770000300\"", "null", "true", "[1770000300]", "1e18"}) {
    const std::string answer = with_text(number);
    EXPECT_TRUE(answer == "id_token_expired" || answer == "id_token_unreadable")
        << number << ": " << answer;
  }
}

TEST_F(IdTokens, IsOfThisSignIn) {
  for (const Json::Value& nonce :
       {Json::Value("n-2"), Json::Value("n-1 "), Json::Value(""), Json::Value(1), Json::Value()}) {
    EXPECT_EQ(read_with("nonce", nonce), "id_token_nonce") << nonce;
  }
  EXPECT_EQ(read_without("nonce"), "id_token_nonce");
}

TEST_F(IdTokens, BelongsToTheAccessTokenThatItNames) {
  const auto half = [](const core::Sha256& hash) {
    return core::to_base64url(core::ByteView(hash).first(16));
  };
  const std::string right = half(core::sha256(core::as_bytes("the access token")));
  EXPECT_EQ(read_with("at_hash", right), "taken: u-7");
  EXPECT_EQ(read_with("at_hash", half(core::sha256(core::as_bytes("another")))),
            "id_token_access_token");
  EXPECT_EQ(read_with("at_hash", ""), "id_token_access_token");
  EXPECT_EQ(read_with("at_hash", 7), "id_token_access_token");
  expected.access_token.clear();
  EXPECT_EQ(read_with("at_hash", right), "id_token_access_token");
}

TEST_F(IdTokens, NamesSomebodyInWordsThatStayWhatTheyAre) {
  EXPECT_EQ(read_with("sub", std::string(255, 'x')), "taken: " + std::string(255, 'x'));
  for (const Json::Value& subject :
       {Json::Value(""), Json::Value(std::string(256, 'x')), Json::Value("u\n7"),
        Json::Value("佐藤"), Json::Value(std::string("u\0007", 3)), Json::Value(7),
        Json::Value(Json::arrayValue), Json::Value()}) {
    EXPECT_EQ(read_with("sub", subject), "id_token_subject") << subject;
  }
  EXPECT_EQ(read_without("sub"), "id_token_subject");
  EXPECT_EQ(read_with("acr", 2), "id_token_unreadable");
  EXPECT_EQ(read_with("amr", "mfa"), "id_token_unreadable");
  Json::Value odd;
  odd.append(2);
  EXPECT_EQ(read_with("amr", odd), "id_token_unreadable");
}

}  // namespace
}  // namespace sekisho::openid
