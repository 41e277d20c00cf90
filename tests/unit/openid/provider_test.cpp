// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/provider.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "openid/form_text.h"
#include "support/identity_provider.h"
#include "support/temporary_directory.h"

namespace sekisho::openid {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Providers : public testing::Test {
 protected:
  static Options options() {
    Options options;
    options.issuer = "https://id.example";
    options.client_id = "sekisho at example";
    options.redirect_uri = "https://share.example/api/session/openid/return";
    options.scopes = {"openid", "profile"};
    options.two_factor_acrs = {"urn:two", "urn:three"};
    return options;
  }
  std::unique_ptr<Provider> with(Options options) {
    return std::make_unique<Provider>(
        std::move(options),
        Provider::Ports{[this] { return now; },
                        [this](core::Severity, std::string_view text) { told.emplace_back(text); },
                        there.asked()});
  }
  std::string redeemed(const std::string& code, const Binding& shown) {
    const auto turn = provider->enter();
    const auto answer = provider->redeem(*turn, code, shown, core::Demand());
    if (const auto* failure = std::get_if<Failure>(&answer)) {
      return (failure->of == Failure::Of::provider ? "provider: " : "") +
             std::string(failure->reason);
    }
    return std::get<IdToken>(answer).subject;
  }
  std::string redeemed(const std::string& code) { return redeemed(code, binding); }
  std::string code(const std::string& subject = "u-7") {
    return there.code_for(provider->address_for(binding).value(), subject);
  }
  std::size_t calls_to(std::string_view end) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        there.calls, [&](const auto& call) { return call.url.ends_with(end); }));
  }
  void refresh() { provider->refresh(core::Demand()); }
  static void write(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::remove(file);
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  }

  core::Time now = core::parse_rfc3339("2026-02-01T09:00:00Z").value();
  tests::IdentityProvider there{[this] { return now; }};
  std::vector<std::string> told;
  std::unique_ptr<Provider> provider = with(options());
  const Binding binding{"the state", "the nonce", "the verifier"};
};

TEST_F(Providers, SendsABrowserWithAllThatTiesItsReturnToIt) {
  EXPECT_FALSE(provider->address_for(binding));
  refresh();
  const std::string address = provider->address_for(binding).value();
  EXPECT_TRUE(address.starts_with("https://id.example/authorize?response_type=code&"));
  auto query = tests::IdentityProvider::query_of(address);
  EXPECT_EQ(query["client_id"], "sekisho at example");
  EXPECT_EQ(query["redirect_uri"], "https://share.example/api/session/openid/return");
  EXPECT_EQ(query["scope"], "openid profile");
  EXPECT_EQ(query["state"], "the state");
  EXPECT_EQ(query["nonce"], "the nonce");
  EXPECT_EQ(query["acr_values"], "urn:two urn:three");
  EXPECT_EQ(query["code_challenge_method"], "S256");
  EXPECT_EQ(query["code_challenge"],
            core::to_base64url(core::sha256(core::as_bytes("the verifier"))));
  EXPECT_EQ(address.find("verifier"), std::string::npos);
}

TEST_F(Providers, KeepsTheQueryOfAnAddress) {
  there.metadata["authorization_endpoint"] = "https://id.example/authorize?tenant=1";
  refresh();
  EXPECT_TRUE(provider->address_for(binding)->starts_with(
      "https://id.example/authorize?tenant=1&response_type=code&"));
}

TEST_F(Providers, RedeemsACodeOnceForWhoeverHasTheVerifier) {
  refresh();
  const std::string first = code();
  EXPECT_EQ(redeemed(first, {"the state", "the nonce", "a guess"}), "refused_code");
  EXPECT_EQ(redeemed(first), "u-7");
  EXPECT_EQ(redeemed(first), "refused_code");
  EXPECT_EQ(redeemed(code(), {"the state", "another", "the verifier"}), "id_token_nonce");
  there.more_claims["aud"] = "another";
  EXPECT_EQ(redeemed(code()), "id_token_audience");
}

TEST_F(Providers, ShowsItsSecretAsTheProviderWantsIt) {
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "secret";
  write(file, "a secret/&\n");
  Options secretive = options();
  secretive.client_secret_file = {file, "ClientSecretFile"};
  provider = with(secretive);
  refresh();
  EXPECT_EQ(redeemed(code()), "u-7");
  // RFC 6749 §2.3.1: both encoded as in a form, then as RFC 7617 has it.
  const std::string both = "sekisho%20at%20example:a%20secret%2F%26";
  const auto& by_basic = there.calls.back();
  EXPECT_EQ(by_basic.fields.back(),
            "Authorization: Basic " + core::to_base64(core::as_bytes(both)));
  EXPECT_EQ(by_basic.body->find("secret"), std::string::npos);
  EXPECT_EQ(by_basic.scheme, outbound::WebScheme::https);
  there.metadata["token_endpoint_auth_methods_supported"].append("client_secret_post");
  now += hours(2);
  refresh();
  EXPECT_EQ(redeemed(code()), "u-7");
  EXPECT_NE(there.calls.back().body->find("&client_secret=a%20secret%2F%26"), std::string::npos);
  // Without what the settings name nobody is asked, as if there were none.
  const auto before = there.calls.size();
  std::filesystem::remove(file);
  EXPECT_EQ(redeemed(code()), "provider: provider_unavailable");
  write(file, "\n");
  EXPECT_EQ(redeemed(code()), "provider: provider_unavailable");
  EXPECT_EQ(there.calls.size(), before);
  EXPECT_TRUE(provider->state().file_troubles.empty());
  std::filesystem::remove(file);
  EXPECT_EQ(provider->state().file_troubles.size(), 1U);
}

TEST_F(Providers, ThatIsDownOrSpeaksRubbishIsNobodysFault) {
  refresh();
  there.is_down = true;
  EXPECT_EQ(redeemed(code()), "provider: provider_unavailable");
  there.is_down = false;
  for (const outbound::WebAnswer& rubbish :
       {outbound::WebAnswer{200, "text/html", "{}"},
        {200, "application/json", "<html>"},
        {200, "application/json", "{}"},
        {200, "application/json", R"({"id_token":7})"},
        {302, "application/json", "{}"},
        {500, "application/json", R"({"error":"invalid_grant"})"},
        {400, "text/html", R"({"error":"invalid_grant"})"},
        {400, "application/json", "["}}) {
    there.said_instead = rubbish;
    EXPECT_EQ(redeemed(code()), "provider: provider_unavailable") << rubbish.body;
  }
  there.said_instead = {401, "application/json", R"({"error":"invalid_client"})"};
  EXPECT_EQ(redeemed(code()), "provider: provider_refuses_us");
  EXPECT_EQ(provider->state().trouble, "The identity provider does not take us for its client.");
}

TEST_F(Providers, WithANewKeyIsAskedForItOnceAMinute) {
  refresh();
  const tests::TokenSigner next("RS256", "k2");
  there.signs = &next;
  EXPECT_EQ(redeemed(code()), "id_token_key");  // asked a moment ago
  EXPECT_EQ(calls_to("/jwks"), 1U);
  now += minutes(1);
  EXPECT_EQ(redeemed(code()), "id_token_key");  // it shows no such key
  EXPECT_EQ(redeemed(code()), "id_token_key");
  EXPECT_EQ(calls_to("/jwks"), 2U);
  there.shown.push_back(&next);
  now += minutes(1);
  EXPECT_EQ(redeemed(code()), "u-7");
  EXPECT_EQ(redeemed(code()), "u-7");
  EXPECT_EQ(calls_to("/jwks"), 3U);
}

TEST_F(Providers, IsAskedWhatItIsOnceAnHourAndForgottenAfterADay) {
  for (int i = 0; i < 10; ++i) refresh();
  EXPECT_EQ(calls_to("/openid-configuration"), 1U);
  now += hours(1);
  refresh();
  EXPECT_EQ(calls_to("/openid-configuration"), 2U);
  there.is_down = true;
  now += hours(23);
  refresh();
  EXPECT_TRUE(provider->address_for(binding));
  EXPECT_EQ(provider->state().trouble, "The identity provider does not say what it is.");
  now += hours(1);
  EXPECT_FALSE(provider->address_for(binding));
  EXPECT_FALSE(provider->state().known_since);
  EXPECT_EQ(redeemed("any"), "provider: provider_unavailable");
  there.is_down = false;
  refresh();
  EXPECT_TRUE(provider->address_for(binding));
  EXPECT_EQ(provider->state().trouble, "");
  EXPECT_EQ(told, (std::vector<std::string>{"The identity provider does not say what it is.",
                                            "The identity provider can be used again."}));
}

TEST_F(Providers, ThatIsDownIsAskedSoonAndThenMoreSeldom) {
  there.is_down = true;
  for (int second = 0; second < 1000; ++second, now += seconds(1)) refresh();
  EXPECT_EQ(there.calls.size(), 11U);  // after 0, 1, 3, 7 … 255 s, then every 300 s
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(Providers, ThatIsAnotherOrHasNoKeysIsNotUsed) {
  there.metadata["issuer"] = "https://evil.example";
  refresh();
  EXPECT_FALSE(provider->address_for(binding));
  there.metadata["issuer"] = there.issuer;
  there.shown.clear();
  now += seconds(1);
  refresh();
  EXPECT_FALSE(provider->address_for(binding));
  EXPECT_EQ(provider->state().trouble, "The identity provider shows no keys that are of use here.");
}

// RFC 9207: an answer of another provider must not have its code sent to ours.
TEST_F(Providers, IsNamedInItsAnswersWhereItSaysSo) {
  EXPECT_FALSE(provider->is_own_answer(std::nullopt));  // nobody knows yet
  refresh();
  EXPECT_TRUE(provider->is_own_answer(std::nullopt));
  EXPECT_TRUE(provider->is_own_answer("https://id.example"));
  EXPECT_FALSE(provider->is_own_answer("https://evil.example"));
  EXPECT_FALSE(provider->is_own_answer(""));
  there.metadata["authorization_response_iss_parameter_supported"] = true;
  now += hours(2);
  refresh();
  EXPECT_FALSE(provider->is_own_answer(std::nullopt));
  EXPECT_TRUE(provider->is_own_answer("https://id.example"));
}

TEST_F(Providers, IsWaitedForByFewAtOnce) {
  std::vector<Provider::Turn> turns;
  for (int i = 0; i < Provider::kMostAtOnce; ++i) turns.push_back(*provider->enter());
  EXPECT_FALSE(provider->enter());
  turns.pop_back();
  EXPECT_TRUE(provider->enter());
  EXPECT_TRUE(provider->enter());  // that one has gone again
}

TEST(FormText, EscapesAllThatIsNotPlain) {
  EXPECT_EQ(core::percent_encoded("aZ9-._~ +&=%/\xE5"), "aZ9-._~%20%2B%26%3D%25%2F%E5");
  EXPECT_EQ(form_text({{"a", "1 2"}, {"b", ""}}), "a=1%202&b=");
}

}  // namespace
}  // namespace sekisho::openid
