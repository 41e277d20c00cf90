// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/metadata.h"

#include <gtest/gtest.h>
#include <json/value.h>

#include "core/json_body.h"

namespace sekisho::openid {
namespace {

Json::Value document() {
  Json::Value document;
  document["issuer"] = "https://id.example/realm";
  document["authorization_endpoint"] = "https://id.example/authorize?tenant=1";
  document["token_endpoint"] = "https://id.example/token";
  document["jwks_uri"] = "https://keys.example:8443/jwks";
  return document;
}

std::optional<Metadata> read(const Json::Value& document) {
  return read_metadata(core::to_text(document), "https://id.example/realm");
}

TEST(ProviderMetadata, IsTheIssuersOwn) {
  EXPECT_EQ(read(document())->jwks_uri, "https://keys.example:8443/jwks");
  for (const char* issuer : {"https://id.example/realm/", "https://id.example", "", "*"}) {
    Json::Value other = document();
    other["issuer"] = issuer;
    EXPECT_FALSE(read(other)) << issuer;
  }
  for (const char* rubbish : {"", "[]", "<html>", "{\"issuer\":"}) {
    EXPECT_FALSE(read_metadata(rubbish, "https://id.example/realm")) << rubbish;
  }
}

TEST(ProviderMetadata, NamesAddressesWithTlsAlone) {
  for (const char* key : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
    for (const char* address :
         {"http://id.example/x", "https://", "https:///x", "https://user@id.example/", "file:///x",
          "https://id.example/#x", "https://id.example/a b", "https://:443/", "//id.example/x",
          "javascript:alert(1)", "HTTPS://id.example/\n"}) {
      Json::Value bad = document();
      bad[key] = address;
      EXPECT_FALSE(read(bad)) << key << ' ' << address;
    }
    Json::Value without = document();
    without.removeMember(key);
    EXPECT_FALSE(read(without)) << key;
    without[key] = 7;
    EXPECT_FALSE(read(without)) << key;
  }
}

TEST(ProviderMetadata, SaysHowAClientShowsItsSecret) {
  EXPECT_EQ(read(document())->authentication, ClientAuthentication::basic);
  Json::Value post = document();
  post["token_endpoint_auth_methods_supported"].append("client_secret_post");
  EXPECT_EQ(read(post)->authentication, ClientAuthentication::post);
  post["token_endpoint_auth_methods_supported"].append("client_secret_basic");
  EXPECT_EQ(read(post)->authentication, ClientAuthentication::basic);
}

TEST(ProviderMetadata, SaysWhetherAnswersNameTheIssuer) {
  EXPECT_FALSE(read(document())->names_issuer);
  Json::Value named = document();
  named["authorization_response_iss_parameter_supported"] = true;
  EXPECT_TRUE(read(named)->names_issuer);
  named["authorization_response_iss_parameter_supported"] = "true";
  EXPECT_FALSE(read(named)->names_issuer);
}

TEST(ProviderMetadata, LiesBelowTheIssuer) {
  EXPECT_EQ(metadata_address("https://id.example"),
            "https://id.example/.well-known/openid-configuration");
  EXPECT_EQ(metadata_address("https://id.example/realm/"),
            "https://id.example/realm/.well-known/openid-configuration");
}

}  // namespace
}  // namespace sekisho::openid
