// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "unit/gateway/people.h"

namespace sekisho::gateway {
namespace {

using tests::Answer;
using tests::Client;

class OpenIdAtTheDoor : public SessionsTest {
 protected:
  /// A browser that is on its way.
  struct Away {
    std::string address;
    std::string cookie;
    std::string state() const { return tests::IdentityProvider::query_of(address).at("state"); }
  };
  Away sent(const std::string& form = "{}", const std::string& session = "") {
    const Answer answer = hospital.from_page("POST /api/session/openid", session, form);
    EXPECT_EQ(answer.status, 200) << answer.body;
    if (answer.status != 200) return {};
    return {json(answer)["Url"].asString(), cookie_set_by(answer)};
  }
  /// As a browser comes that another site leads here.
  Answer arrive(const std::string& query, const std::string& cookie,
                const std::string& site = "cross-site", const std::string& mode = "navigate",
                const std::string& destination = "document", const std::string& method = "GET") {
    Client client(hospital.gateway().plain_port());
    std::string headers = "Sec-Fetch-Site: " + site + "\r\nSec-Fetch-Mode: " + mode +
                          "\r\nSec-Fetch-Dest: " + destination + "\r\n";
    if (!cookie.empty()) headers += "Cookie: __Host-sekisho-openid=" + cookie + "\r\n";
    client.request(method + " /api/session/openid/return?" + query + " HTTP/1.1", headers);
    return client.answer(method == "HEAD" ? Client::Expect::head_only : Client::Expect::body);
  }
  Answer come_back(const Away& away, const std::string& subject) {
    const std::string code = hospital.identity_provider().code_for(away.address, subject);
    return arrive("code=" + code + "&state=" + away.state(), away.cookie);
  }
  Answer sign_in(const std::string& subject) { return come_back(sent(), subject); }
  void link(const access::Person& person, const std::string& subject) {
    EXPECT_TRUE(hospital.access().identities->link(person.id, {kIssuer, subject}, hospital.time()));
  }
  /// Why it was refused; empty where it was not, or not as everything refused is.
  std::string refusal_of(const Answer& answer) {
    const Answer nowhere = hospital.get("/no/such/place");
    EXPECT_EQ(answer.status, 404) << answer.body;
    EXPECT_EQ(answer.body, nowhere.body);
    EXPECT_FALSE(answer.headers.contains("set-cookie"));
    EXPECT_EQ(answer.headers.size(), nowhere.headers.size());
    hospital.ports().denials.record_all_repeated();
    const auto denials = hospital.entries("denial");
    // The last one is that of the place that is none.
    return denials.size() < 2 ? "" : denials[denials.size() - 2]["detail"].asString();
  }

  static constexpr const char* kIssuer = "https://id.example";
};

TEST_F(OpenIdAtTheDoor, IsOfferedByItsName) {
  const Answer answer = hospital.from_page("GET /api/session/openid");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json(answer)["Name"].asString(), "Northern Medical ID");
}

TEST_F(OpenIdAtTheDoor, SomebodyWhoIsKnownThereHasASessionLikeOthers) {
  link(sato, "u-7");
  const auto share = hospital.share(clinic).share;
  const Away away = sent();
  EXPECT_TRUE(away.address.starts_with("https://id.example/authorize?response_type=code&"));
  const Answer answer = come_back(away, "u-7");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(answer.body.find("http-equiv=\"refresh\" content=\"0; url=/\""), std::string::npos);
  EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer");
  EXPECT_TRUE(
      answer.headers.at("set-cookie").ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
  const std::string cookie = cookie_set_by(answer);
  EXPECT_EQ(status_of("GET " + root(share), cookie), 200);
  EXPECT_EQ(json(hospital.from_page("GET /api/me", cookie))["Login"].asString(), "sato");
  EXPECT_EQ(json(hospital.from_page("GET /api/me", cookie))["Assurance"].asString(), "password");
  EXPECT_TRUE(json(hospital.from_page("GET /api/me", cookie)).isMember("IdentityProvider"));
  EXPECT_EQ(json(hospital.from_page("GET /api/sessions", cookie))["Sessions"].size(), 1U);
  const auto begun = hospital.entries("session.begin").back();
  EXPECT_EQ(begun["authentication"].asString(), "openid");
  EXPECT_EQ(begun["facts"]["person"].asString(), sato.id.text());
  EXPECT_FALSE(begun["facts"].isMember("second_factor"));
  EXPECT_EQ(hospital.entries("query").back()["authentication"].asString(), "openid");
  EXPECT_TRUE(hospital.access().identities->of_person(sato.id)->used_at);
  EXPECT_EQ(status_of("DELETE /api/session", cookie), 204);
  EXPECT_EQ(hospital.entries("session.end").back()["authentication"].asString(), "openid");
  EXPECT_EQ(status_of("GET /api/me", cookie), 404);
}

TEST_F(OpenIdAtTheDoor, TheProviderSaysHowSurelyByWordsThatTheHospitalHasChosen) {
  link(sato, "u-7");
  const auto level = [&] {
    const std::string cookie = cookie_set_by(sign_in("u-7"));
    return json(hospital.from_page("GET /api/session", cookie))["Assurance"].asString();
  };
  Json::Value& more = hospital.identity_provider().more_claims;
  EXPECT_EQ(level(), "password");
  more["acr"] = "urn:two ";
  more["amr"].append("otp");
  EXPECT_EQ(level(), "password");
  more["acr"] = "urn:two";
  EXPECT_EQ(level(), "password+totp");
  EXPECT_EQ(hospital.entries("session.begin").back()["facts"]["second_factor"].asString(),
            "provider");
  more.removeMember("acr");
  more["amr"].append("mfa");
  EXPECT_EQ(level(), "password+totp");
}

TEST_F(OpenIdAtTheDoor, AnInvitationTiesWhoeverComesBackWithIt) {
  const std::string before = signed_in();
  const std::string form = R"({"Invitation":")" + invitation_for(sato) + R"("})";
  const Away away = sent(form);
  const Away second = sent(form);
  const Answer answer = come_back(away, "u-7");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(status_of("GET /api/me", cookie_set_by(answer)), 200);
  EXPECT_EQ(status_of("GET /api/me", before), 404);
  const auto change = hospital.entries("credential.change").back();
  EXPECT_EQ(change["facts"]["change"].asString(), "identity");
  EXPECT_EQ(change["authentication"].asString(), "openid");
  // The password is gone, and the invitation is.
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
  EXPECT_EQ(refusal_of(come_back(second, "u-8")), "unknown_invitation");
  EXPECT_EQ(sign_in("u-7").status, 200);
  EXPECT_EQ(refusal_of(sign_in("u-8")), "unknown_identity");
}

TEST_F(OpenIdAtTheDoor, AnInvitationThatIsNoneSendsNobodyAnywhere) {
  const auto of_nobody = access::new_secret(access::SecretKind::invitation).text;
  for (const std::string& text : {of_nobody, std::string("ski_"), std::string()}) {
    const Answer answer =
        hospital.from_page("POST /api/session/openid", "", R"({"Invitation":")" + text + R"("})");
    EXPECT_EQ(refusal_of(answer), "unknown_invitation");
  }
  const auto outside = hospital.clinic("10.99.0.0/16");
  const auto stranger = person_of(outside, "outside");
  EXPECT_EQ(
      refusal_of(hospital.from_page("POST /api/session/openid", "",
                                    R"({"Invitation":")" + invitation_for(stranger) + R"("})")),
      "foreign_person");
}

TEST_F(OpenIdAtTheDoor, AnInvitationDoesNotMakeOnePersonOfTwo) {
  const auto suzuki = person_of(clinic, "suzuki");
  link(suzuki, "u-7");
  const Away away = sent(R"({"Invitation":")" + invitation_for(sato) + R"("})");
  EXPECT_EQ(refusal_of(come_back(away, "u-7")), "known_identity");
  EXPECT_EQ(hospital.access().identities->find({kIssuer, "u-7"})->person, suzuki.id);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 201);
}

TEST_F(OpenIdAtTheDoor, WhomNobodyHereKnowsTheLogDoes) {
  EXPECT_EQ(refusal_of(sign_in("u-8")), "unknown_identity");
  const auto outside = hospital.clinic("10.99.0.0/16");
  link(person_of(outside, "outside"), "of-elsewhere");
  EXPECT_EQ(refusal_of(sign_in("of-elsewhere")), "foreign_person");
  link(sato, "u-7");
  hospital.access().people->disable(sato.id, hospital.time());
  EXPECT_EQ(refusal_of(sign_in("u-7")), "disabled_person");
  EXPECT_TRUE(hospital.entries("session.begin").empty());
}

TEST_F(OpenIdAtTheDoor, NobodyIsKnownByAMailAddress) {
  hospital.access().people->change(sato.id, "Sato Kyoko", "sato@kita.example");
  Json::Value& more = hospital.identity_provider().more_claims;
  more["email"] = "sato@kita.example";
  more["email_verified"] = true;
  more["preferred_username"] = "sato";
  EXPECT_EQ(refusal_of(sign_in("sato@kita.example")), "unknown_identity");
  EXPECT_EQ(refusal_of(sign_in("sato")), "unknown_identity");
}

TEST_F(OpenIdAtTheDoor, ComesBackOnceAndToTheBrowserThatWentAway) {
  link(sato, "u-7");
  const Away away = sent();
  const Away other = sent();
  const std::string code = hospital.identity_provider().code_for(away.address, "u-7");
  const std::string query = "code=" + code + "&state=" + away.state();
  EXPECT_EQ(refusal_of(arrive(query, "")), "missing_round_trip");
  EXPECT_EQ(refusal_of(arrive(query, other.cookie)), "stale_round_trip");
  EXPECT_EQ(refusal_of(arrive("code=" + code + "&state=" + other.state(), away.cookie)),
            "stale_round_trip");
  const auto asked = hospital.identity_provider().calls.size();
  EXPECT_EQ(arrive(query, away.cookie).status, 200);
  EXPECT_EQ(hospital.identity_provider().calls.size(), asked + 1);
  EXPECT_EQ(refusal_of(arrive(query, away.cookie)), "stale_round_trip");
  EXPECT_EQ(hospital.identity_provider().calls.size(), asked + 1);
  // The code of the first in the way of the second: the provider wants its verifier.
  const std::string again = hospital.identity_provider().code_for(away.address, "u-7");
  EXPECT_EQ(refusal_of(arrive("code=" + again + "&state=" + other.state(), other.cookie)),
            "refused_code");
}

TEST_F(OpenIdAtTheDoor, ComesBackWithWhatTheStandardHasAndNothingTwice) {
  link(sato, "u-7");
  const Away away = sent();
  const std::string code = hospital.identity_provider().code_for(away.address, "u-7");
  const std::string good = "code=" + code + "&state=" + away.state();
  for (const std::string& query :
       {std::string(), std::string("code=x"), "state=" + away.state(), good + "&code=x",
        good + "&state=x", good + "&error=x", good + "&iss=a&iss=b",
        "code=" + code + "&State=" + away.state()}) {
    EXPECT_EQ(refusal_of(arrive(query, away.cookie)), "malformed_return") << query;
  }
  EXPECT_EQ(arrive(good, away.cookie, "cross-site", "navigate", "document", "HEAD").status, 404);
  EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "malformed_return");
  EXPECT_EQ(refusal_of(arrive(good + "&iss=https://evil.example", away.cookie)),
            "foreign_provider");
  EXPECT_EQ(refusal_of(arrive("error=access_denied&state=" + sent().state(), away.cookie)),
            "stale_round_trip");
  EXPECT_EQ(arrive(good + "&iss=https%3A%2F%2Fid.example&session_state=x", away.cookie).status,
            200);
  const Away denied = sent();
  EXPECT_EQ(refusal_of(arrive("error=access_denied&state=" + denied.state(), denied.cookie)),
            "provider_refused");
}

TEST_F(OpenIdAtTheDoor, ArrivesInAWindowAndNoOtherWay) {
  link(sato, "u-7");
  const Away away = sent();
  const std::string code = hospital.identity_provider().code_for(away.address, "u-7");
  const std::string query = "code=" + code + "&state=" + away.state();
  EXPECT_EQ(refusal_of(arrive(query, away.cookie, "cross-site", "navigate", "iframe")),
            "foreign_page");
  EXPECT_EQ(refusal_of(arrive(query, away.cookie, "cross-site", "no-cors", "image")),
            "foreign_page");
  EXPECT_EQ(refusal_of(arrive(query, away.cookie, "same-origin", "cors", "empty")), "foreign_page");
  EXPECT_EQ(arrive(query, away.cookie, "none").status, 200);
  // Where to begin is asked by our pages alone.
  EXPECT_EQ(hospital.get("/api/session/openid", "", "Sec-Fetch-Site: cross-site\r\n").status, 404);
}

TEST_F(OpenIdAtTheDoor, WhatTheProviderSignsIsHeldToTheStandard) {
  link(sato, "u-7");
  tests::IdentityProvider& there = hospital.identity_provider();
  there.more_claims["nonce"] = "another";
  EXPECT_EQ(refusal_of(sign_in("u-7")), "id_token_nonce");
  there.more_claims = Json::objectValue;
  there.more_claims["iss"] = "https://evil.example";
  EXPECT_EQ(refusal_of(sign_in("u-7")), "id_token_issuer");
  there.more_claims = Json::objectValue;
  const tests::TokenSigner stranger("ES256");
  there.signs = &stranger;
  EXPECT_EQ(refusal_of(sign_in("u-7")), "id_token_signature");
  EXPECT_TRUE(hospital.entries("session.begin").empty());
}

TEST_F(OpenIdAtTheDoor, AProviderThatFailsKeepsNobodyOutForLonger) {
  link(sato, "u-7");
  tests::IdentityProvider& there = hospital.identity_provider();
  there.is_down = true;
  for (int i = 0; i < 25; ++i) {
    const Answer answer = sign_in("u-7");
    ASSERT_EQ(answer.status, 503) << i;
    EXPECT_TRUE(answer.headers.contains("retry-after"));
  }
  hospital.ports().denials.record_all_repeated();
  EXPECT_EQ(hospital.entries("denial").front()["detail"].asString(), "provider_unavailable");
  there.is_down = false;
  EXPECT_EQ(sign_in("u-7").status, 200);
}

TEST_F(OpenIdAtTheDoor, WhatFailsIsCountedOfTheSite) {
  link(sato, "u-7");
  const Away unused = sent();
  for (int i = 0; i < 30; ++i) arrive("code=x&state=" + unused.state(), "");  // of strangers' pages
  for (int i = 0; i < 20; ++i) EXPECT_EQ(sign_in("u-8").status, 404);
  hospital.ports().denials.record_all_repeated();  // so that the next one is written by itself
  EXPECT_EQ(refusal_of(sign_in("u-7")), "blocked_site");
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
}

TEST_F(OpenIdAtTheDoor, AProviderThatIsSlowIsWaitedForByTwoAndNobodyElse) {
  link(sato, "u-7");
  std::latch both_wait(2);
  std::latch goes_on(1);
  hospital.identity_provider().meanwhile = [&] {
    both_wait.count_down();
    goes_on.wait();
  };
  const Away third = sent();
  const std::string code = hospital.identity_provider().code_for(third.address, "u-7");
  std::vector<std::jthread> waiting;
  std::atomic<int> came_back = 0;
  for (int i = 0; i < 2; ++i) {
    const Away away = sent();
    const std::string own = hospital.identity_provider().code_for(away.address, "u-7");
    waiting.emplace_back([&, away, own] {
      came_back += arrive("code=" + own + "&state=" + away.state(), away.cookie).status == 200;
    });
  }
  both_wait.wait();
  const std::string query = "code=" + code + "&state=" + third.state();
  EXPECT_EQ(arrive(query, third.cookie).status, 503);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 201);
  goes_on.count_down();
  waiting.clear();
  EXPECT_EQ(came_back, 2);
  hospital.identity_provider().meanwhile = [] {};
  EXPECT_EQ(arrive(query, third.cookie).status, 200);  // who was sent away comes again
}

TEST_F(OpenIdAtTheDoor, TakesThePlaceOfTheSessionThatAskedForIt) {
  link(sato, "u-7");
  const std::string before = signed_in();
  const Answer answer = come_back(sent("{}", before), "u-7");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(status_of("GET /api/me", before), 404);
  EXPECT_EQ(status_of("GET /api/me", cookie_set_by(answer)), 200);
}

TEST_F(OpenIdAtTheDoor, EndsWithTheTie) {
  link(sato, "u-7");
  const std::string cookie = cookie_set_by(sign_in("u-7"));
  EXPECT_EQ(status_of("GET /api/me", cookie), 200);
  hospital.access().identities->unlink(sato.id);
  EXPECT_EQ(status_of("GET /api/me", cookie), 404);
  EXPECT_EQ(refusal_of(sign_in("u-7")), "unknown_identity");
}

TEST_F(OpenIdAtTheDoor, IsForWhereSomebodyMayBeAndWhereThereIsAProvider) {
  Ports ports = hospital.ports();
  ports.provider = nullptr;
  Gateway without(hospital.options(), ports);
  without.open();
  for (const std::string line :
       {"GET /api/session/openid", "GET /api/session/openid/return?code=a&state=b"}) {
    Client client(without.plain_port());
    client.request(line + " HTTP/1.1", "");
    EXPECT_EQ(refusal_of(client.answer()), "no_identity_provider") << line;
  }
  Client client(without.plain_port());
  client.request("POST /api/session/openid HTTP/1.1",
                 "Sekisho-Page: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n");
  client.send("{}");
  EXPECT_EQ(refusal_of(client.answer()), "no_identity_provider");
}

TEST_F(OpenIdAtTheDoor, NothingBeginsWithoutTheLog) {
  link(sato, "u-7");
  const Away away = sent(R"({"Invitation":")" + invitation_for(sato) + R"("})");
  hospital.break_log();
  EXPECT_EQ(come_back(away, "u-9").status, 503);
  EXPECT_FALSE(hospital.access().identities->find({kIssuer, "u-9"}));
  EXPECT_TRUE(hospital.access().sessions->of_person(sato.id, hospital.time()).empty());
}

}  // namespace
}  // namespace sekisho::gateway
