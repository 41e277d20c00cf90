// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/sessions.h"

#include <gtest/gtest.h>

#include <cstring>

#include "access/one_time_code.h"
#include "access/secret_text.h"
#include "core/json_body.h"
#include "unit/gateway/people.h"

namespace sekisho::gateway {
namespace {

using tests::Answer;
using tests::Client;

TEST_F(SessionsTest, SignInGivesACookieThatOpensWhatThePersonMaySee) {
  const auto share = hospital.share(clinic).share;
  const Answer answer = hospital.from_page("POST /api/session", "", kSignIn);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(json(answer)["Assurance"].asString(), "password");
  EXPECT_TRUE(
      answer.headers.at("set-cookie").ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  const std::string cookie = cookie_set_by(answer);
  EXPECT_EQ(status_of("GET " + root(share), cookie), 200);
  EXPECT_EQ(status_of("GET /dicom-web/studies", cookie), 200);
  EXPECT_EQ(json(hospital.from_page("GET /api/me", cookie))["Login"].asString(), "sato");
  const auto begun = hospital.entries("session.begin");
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_EQ(begun[0]["authentication"].asString(), "password");
  EXPECT_EQ(begun[0]["facts"]["person"].asString(), sato.id.text());
  const auto queries = hospital.entries("query");
  ASSERT_FALSE(queries.empty());
  EXPECT_EQ(queries[0]["authentication"].asString(), "password");
}

TEST_F(SessionsTest, WhateverIsWrongGetsOneAnswerAndALogThatKnows) {
  const auto outside = hospital.clinic("10.99.0.0/16");
  person_of(outside, "outside");
  const auto disabled = person_of(clinic, "disabled");
  hospital.access().people->disable(disabled.id, hospital.time());
  access::Person invited = tests::a_person("invited");
  invited.recipient = clinic.id.text();
  hospital.access().people->insert(invited);
  const auto share = hospital.share(clinic);
  const std::string nobodys = access::new_secret(access::SecretKind::invitation).text;
  const struct {
    std::string form;
    const char* why;
  } refusals[] = {
      {R"({"Login":"sato","Password":"a guess"})", "wrong_password"},
      {R"({"Login":"nobody","Password":"a guess"})", "unknown_person"},
      {R"({"Login":"outside","Password":"mountain river 7 lake"})", "foreign_person"},
      {R"({"Login":"disabled","Password":"mountain river 7 lake"})", "disabled_person"},
      {R"({"Login":"invited","Password":"mountain river 7 lake"})", "no_password"},
      {R"({"Login":"sato","Password":"mountain river 7 lake","Code":"123456"})", "wrong_code"},
      {R"({"Invitation":")" + nobodys + R"(","Password":"mountain river 7 lake"})",
       "unknown_invitation"},
      {R"({"Reset":"skr_)" + std::string(43, 'A') + R"(","Password":"mountain river 7 lake"})",
       "unknown_reset"},
      {R"({"Reset":"skr_a","Invitation":"ski_a","Password":"a"})", "malformed_form"},
      {R"({"Link":"skl_)" + std::string(43, 'A') + R"("})", "unknown_credential"},
      {R"({"Login":"sato","Password":"a","Link":"b"})", "malformed_form"},
      {R"({"Login":"sato","Password":7})", "malformed_form"},
      {R"({"Login":"sato","Extra":""})", "malformed_form"},
      {"{}", "malformed_form"},
      {"no JSON", "malformed_form"},
  };
  const Answer reference = hospital.get("/no/such/place");
  ASSERT_EQ(reference.status, 404);
  for (const auto& refusal : refusals) {
    Answer answer = hospital.from_page("POST /api/session", "", refusal.form);
    EXPECT_EQ(answer.status, 404) << refusal.why;
    EXPECT_EQ(answer.body, reference.body) << refusal.why;
    for (const char* differs : {"sekisho-request", "date"}) {
      answer.headers[differs] = reference.headers.at(differs);
    }
    EXPECT_EQ(answer.headers, reference.headers) << refusal.why;
    EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), refusal.why);
  }
}

TEST_F(SessionsTest, WhoAsksForALinkLearnsNothingAndTheRequestWaits) {
  const auto ask = [&](const std::string& form) {
    Answer answer = hospital.from_page("POST /api/password/reset", "", form);
    answer.headers.erase("sekisho-request");
    answer.headers.erase("date");
    return answer;
  };
  const Answer known = ask(R"({"Login":"sato"})");
  EXPECT_EQ(known.status, 202);
  const Answer nobody = ask(R"({"Login":"nobody"})");
  EXPECT_EQ(nobody.status, 202);
  EXPECT_EQ(nobody.body, known.body);
  EXPECT_EQ(nobody.headers, known.headers);
  const auto waiting = hospital.access().correspondence->asked(10);
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[0].login, "sato");
  EXPECT_EQ(waiting[0].source, "127.0.0.1");
  for (int i = 0; i < 4; ++i) ask(R"({"Login":"sato"})");
  const Answer blocked = ask(R"({"Login":"sato"})");
  EXPECT_EQ(blocked.headers, known.headers);
  EXPECT_EQ(hospital.access().correspondence->asked(10).size(), 6U);
  EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "blocked_person");
  for (const char* bad : {"{}", R"({"Login":1})", R"({"Login":"sato","Email":"a@b.c"})"}) {
    EXPECT_EQ(ask(bad).status, 404) << bad;
  }
  EXPECT_EQ(hospital.get("/api/password/reset").status, 404);
}

TEST_F(SessionsTest, ARightPasswordWithoutTheRightCodeIsToldAndNothingElseIs) {
  hospital.from_page("POST /api/session", "",
                     R"({"Login":"sato","Password":"mountain river 7 lake","Code":"123456"})");
  EXPECT_TRUE(hospital.told().empty()) << "there is no second factor";
  const core::Bytes box(48, 7);
  hospital.access().people->offer_totp(sato.id, box);
  hospital.access().people->enrol_totp(sato.id, box, 0, {}, hospital.time());
  hospital.from_page("POST /api/session", "", R"({"Login":"sato","Password":"a guess"})");
  EXPECT_TRUE(hospital.told().empty());
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
  EXPECT_EQ(hospital.told(),
            (tests::Hospital::Told{{sato.id, access::Notice::password_was_right}}));
}

TEST_F(SessionsTest, AFloodOfRefusalsIsCountedAlikeWhoeverIsNamed) {
  for (int i = 0; i < 25; ++i) hospital.from_page("POST /api/session", "", "{}");
  const auto before = hospital.entries("denial").size();
  hospital.from_page("POST /api/session", "", R"({"Login":"nobody","Password":"a guess"})");
  hospital.from_page("POST /api/session", "", R"({"Login":"sato","Password":"a guess"})");
  EXPECT_EQ(hospital.entries("denial").size(), before);
}

TEST_F(SessionsTest, NoPageOfOthersSignsAnybodyInOrChangesAnything) {
  const std::string cookie = signed_in();
  const auto status = [&](const std::string& line, const std::string& headers) {
    Client client(hospital.gateway().plain_port());
    client.request(line + " HTTP/1.1",
                   headers + "Content-Length: " + std::to_string(std::strlen(kSignIn)) + "\r\n");
    client.send(kSignIn);
    return client.answer().status;
  };
  const std::string with_cookie = "Cookie: __Host-sekisho=" + cookie + "\r\n";
  for (const char* page : {"", "Sekisho-Page: 1\r\n", "Sec-Fetch-Site: same-origin\r\n",
                           "Sekisho-Page: 1\r\nSec-Fetch-Site: cross-site\r\n",
                           "Sekisho-Page: 1\r\nSec-Fetch-Site: same-site\r\n"}) {
    EXPECT_EQ(status("POST /api/session", page), 404) << page;
    EXPECT_EQ(status("POST /api/password", page + with_cookie), 404) << page;
    EXPECT_EQ(status("POST /dicom-web/studies", page + with_cookie), 404) << page;
    EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "foreign_page");
  }
  for (const char* request : {"DELETE /api/session HTTP/1.1", "GET /dicom-web/studies HTTP/1.1"}) {
    Client client(hospital.gateway().plain_port());
    client.request(request, with_cookie + "Sec-Fetch-Site: same-site\r\n");
    EXPECT_EQ(client.answer().status, 404) << request;
    EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "foreign_page");
  }
  EXPECT_EQ(status_of("GET /api/session", cookie), 200);
}

TEST_F(SessionsTest, ASignInNeverGoesOnUnderAnIdThatWasThereBefore) {
  const std::string first = signed_in();
  const Answer again = hospital.from_page("POST /api/session", first, kSignIn);
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(cookie_set_by(again), first);
  EXPECT_EQ(status_of("GET /api/me", first), 404);
  EXPECT_EQ(status_of("GET /api/me", cookie_set_by(again)), 200);
  // Nor under one that somebody else thought of.
  const std::string planted = access::new_secret(access::SecretKind::session).text;
  const Answer fixed = hospital.from_page("POST /api/session", planted, kSignIn);
  EXPECT_EQ(fixed.status, 201);
  EXPECT_NE(cookie_set_by(fixed), planted);
  EXPECT_EQ(status_of("GET /api/me", planted), 404);
}

TEST_F(SessionsTest, AfterSignOutTheCookieIsWorthNothing) {
  const std::string cookie = signed_in();
  const Answer out = hospital.from_page("DELETE /api/session", cookie);
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.headers.at("clear-site-data"), R"("cache", "cookies", "storage")");
  EXPECT_NE(out.headers.at("set-cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(status_of("GET /api/me", cookie), 404);
  EXPECT_EQ(status_of("DELETE /api/session", cookie), 404);
  EXPECT_EQ(hospital.entries("session.end").size(), 1U);
}

TEST_F(SessionsTest, WhoIsDisabledIsGoneAtOnce) {
  const std::string cookie = signed_in();
  hospital.access().people->disable(sato.id, hospital.time());
  EXPECT_EQ(status_of("GET /dicom-web/studies", cookie), 404);
  const std::string form = kSignIn;
  EXPECT_EQ(hospital.from_page("POST /api/session", "", form).status, 404);
}

TEST_F(SessionsTest, WithTheRecipientItsPeopleAreOut) {
  const std::string cookie = signed_in();
  hospital.recipients().disable(clinic.id, hospital.time());
  EXPECT_EQ(status_of("GET /dicom-web/studies", cookie), 404);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
}

TEST_F(SessionsTest, APersonSeesNothingOfAnotherRecipient) {
  const auto other = hospital.clinic();
  const auto share = hospital.share(other).share;
  const std::string cookie = signed_in();
  EXPECT_EQ(status_of("GET " + root(share), cookie), 404);
  EXPECT_EQ(json(hospital.from_page("GET /api/shares", cookie))["Shares"].size(), 0U);
}

TEST_F(SessionsTest, AuthenticatorRaisesTheSessionUnderANewId) {
  const std::string cookie = signed_in();
  EXPECT_EQ(hospital.from_page("POST /api/totp", cookie, R"({"Password":"a guess"})").status, 404);
  const Answer offer =
      hospital.from_page("POST /api/totp", cookie, R"({"Password":"mountain river 7 lake"})");
  ASSERT_EQ(offer.status, 200);
  EXPECT_TRUE(json(offer)["Uri"].asString().starts_with("otpauth://totp/"));
  const auto box = hospital.access().people->secrets(sato.id)->offered_box;
  const auto secret = hospital.access().key.open(sato.id, box);
  const std::string code = access::hotp(
      secret->view(), static_cast<std::uint64_t>(access::totp_step(hospital.time())), 6);
  EXPECT_EQ(hospital.from_page("POST /api/totp/enrol", cookie, R"({"Code":"000000"})").status, 404);
  const Answer enrolled =
      hospital.from_page("POST /api/totp/enrol", cookie, R"({"Code":")" + code + R"("})");
  ASSERT_EQ(enrolled.status, 200);
  EXPECT_EQ(json(enrolled)["RecoveryCodes"].size(), 10U);
  EXPECT_EQ(json(enrolled)["Session"]["Assurance"].asString(), "password+totp");
  EXPECT_EQ(status_of("GET /api/me", cookie), 404);
  EXPECT_EQ(status_of("GET /api/me", cookie_set_by(enrolled)), 200);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
  EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "missing_code");
  const std::string recovery = json(enrolled)["RecoveryCodes"][0].asString();
  const std::string with_recovery =
      R"({"Login":"sato","Password":"mountain river 7 lake","RecoveryCode":")" + recovery + R"("})";
  EXPECT_EQ(hospital.from_page("POST /api/session", "", with_recovery).status, 201);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", with_recovery).status, 404);
}

TEST_F(SessionsTest, ANewPasswordEndsAllOtherSessions) {
  const std::string one = signed_in();
  const std::string two = signed_in();
  const Answer weak =
      hospital.from_page("POST /api/password", one,
                         R"({"Password":"mountain river 7 lake","NewPassword":"password123456"})");
  EXPECT_EQ(weak.status, 400);
  EXPECT_EQ(json(weak)["Flaw"].asString(), "Common");
  EXPECT_TRUE(hospital.told().empty());
  const Answer changed = hospital.from_page(
      "POST /api/password", one,
      R"({"Password":"mountain river 7 lake","NewPassword":"paper crane 4 thunder"})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(hospital.told(),
            (tests::Hospital::Told{{sato.id, access::Notice::credential_changed}}));
  EXPECT_EQ(hospital.entries("session.begin").back()["facts"]["session"].asString(),
            json(changed)["Session"]["ID"].asString());
  EXPECT_EQ(status_of("GET /api/me", one), 404);
  EXPECT_EQ(status_of("GET /api/me", two), 404);
  EXPECT_EQ(status_of("GET /api/me", cookie_set_by(changed)), 200);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
}

TEST_F(SessionsTest, PeopleSeeAndEndTheirOwnSessionsAndNobodyElses) {
  person_of(clinic, "suzuki");
  const std::string one = signed_in();
  const std::string two = signed_in();
  const std::string hers = signed_in(R"({"Login":"suzuki","Password":"mountain river 7 lake"})");
  const auto id_of = [&](const std::string& cookie) {
    return json(hospital.from_page("GET /api/session", cookie))["ID"].asString();
  };
  const Json::Value list = json(hospital.from_page("GET /api/sessions", one))["Sessions"];
  ASSERT_EQ(list.size(), 2U);
  EXPECT_TRUE(list[0]["IsThisOne"].asBool());
  EXPECT_FALSE(list[1]["IsThisOne"].asBool());
  EXPECT_EQ(list[0]["Source"].asString(), "127.0.0.1");
  EXPECT_EQ(status_of("DELETE /api/sessions/" + id_of(hers), one), 404);
  EXPECT_EQ(status_of("GET /api/me", hers), 200);
  EXPECT_EQ(status_of("DELETE /api/sessions/" + id_of(two), one), 204);
  EXPECT_EQ(status_of("GET /api/me", two), 404);
  const std::string three = signed_in();
  EXPECT_EQ(status_of("DELETE /api/sessions", one), 204);
  EXPECT_EQ(status_of("GET /api/me", three), 404);
  EXPECT_EQ(status_of("GET /api/me", one), 200);
}

TEST_F(SessionsTest, ALinkOpensItsOwnShareAndNoAccount) {
  const auto share = hospital.share(clinic);
  const auto other = hospital.share(clinic);
  const std::string cookie = signed_in(R"({"Link":")" + share.link + R"("})");
  EXPECT_EQ(status_of("GET " + root(share.share), cookie), 200);
  EXPECT_EQ(status_of("GET " + root(other.share), cookie), 404);
  EXPECT_EQ(status_of("GET /api/session", cookie), 200);
  EXPECT_EQ(status_of("GET /api/me", cookie), 404);
  EXPECT_EQ(status_of("GET /api/sessions", cookie), 404);
  EXPECT_EQ(json(hospital.from_page("GET /api/shares", cookie))["Shares"].size(), 1U);
  hospital.revoke(share.share);
  EXPECT_EQ(status_of("GET " + root(share.share), cookie), 404);
}

TEST_F(SessionsTest, AnInvitationIsTakenUpOnce) {
  const std::string form =
      R"({"Invitation":")" + invitation_for(sato) + R"(","Password":"paper crane 4 thunder"})";
  const std::string before = signed_in();
  const std::string cookie = signed_in(form);
  EXPECT_EQ(status_of("GET /api/me", cookie), 200);
  EXPECT_EQ(status_of("GET /api/me", before), 404);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", form).status, 404);
  EXPECT_EQ(hospital.from_page("POST /api/session", "", kSignIn).status, 404);
}

TEST_F(SessionsTest, ACookieBesideABearerCountsForNothing) {
  const auto share = hospital.share(clinic).share;
  const std::string cookie = signed_in();
  EXPECT_EQ(hospital
                .get(root(share), "skt_" + std::string(43, 'A'),
                     "Cookie: __Host-sekisho=" + cookie + "\r\n")
                .status,
            404);
}

TEST_F(SessionsTest, ASessionOfAnotherAddressFamilyIsNone) {
  auto session = tests::a_session(sato, hospital.time());
  session.family = access::AddressFamily::ipv6;
  session.recipient = clinic.id.text();
  const auto secret = access::new_secret(access::SecretKind::session);
  ASSERT_TRUE(hospital.access().sessions->begin(session, secret.hash));
  EXPECT_EQ(status_of("GET /api/me", secret.text), 404);
}

TEST_F(SessionsTest, SoManySessionsOpenAShareAsItSays) {
  auto share = tests::a_share(clinic.id);
  share.assurance = sharing::Assurance::password;
  share.profile_json = hospital.share(clinic).share.profile_json;
  share.max_sessions = 1;
  hospital.shares().insert(share);
  const std::string one = signed_in();
  const std::string two = signed_in();
  EXPECT_EQ(status_of("GET " + root(share), one), 200);
  EXPECT_EQ(status_of("GET " + root(share), one), 200);
  EXPECT_EQ(status_of("GET " + root(share), two), 404);
  EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "used_up_share");
  EXPECT_EQ(hospital.get(root(share), hospital.token(clinic)).status, 404);
}

TEST_F(SessionsTest, AShareOfOnePersonIsNothingToTheOthersOfItsRecipient) {
  person_of(clinic, "suzuki");
  auto share = tests::a_share(clinic.id);
  share.assurance = sharing::Assurance::password;
  share.profile_json = hospital.share(clinic).share.profile_json;
  share.person = sato.id.text();
  hospital.shares().insert(share);
  const std::string own = signed_in();
  const std::string other = signed_in(R"({"Login":"suzuki","Password":"mountain river 7 lake"})");
  const auto shown_to = [&](const std::string& cookie) {
    return json(hospital.from_page("GET /api/shares", cookie))["Shares"].size();
  };
  EXPECT_EQ(status_of("GET " + root(share), own), 200);
  EXPECT_EQ(status_of("GET " + root(share), other), 404);
  EXPECT_EQ(hospital.entries("denial").back()["detail"].asString(), "other_person");
  EXPECT_EQ(hospital.get(root(share), hospital.token(clinic)).status, 404);
  EXPECT_EQ(shown_to(own), 2U);
  EXPECT_EQ(shown_to(other), 1U);
}

TEST_F(SessionsTest, AFormThatIsTooLargeIsNotRead) {
  const std::string form = R"({"Login":")" + std::string(5000, 'a') + R"("})";
  EXPECT_EQ(hospital.from_page("POST /api/session", "", form).status, 413);
}

TEST_F(SessionsTest, WhatCannotBePutOnRecordDoesNotBegin) {
  hospital.break_log();
  const Answer answer = hospital.from_page("POST /api/session", "", kSignIn);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(cookie_set_by(answer), "");
  EXPECT_TRUE(hospital.access().sessions->of_person(sato.id, hospital.time()).empty());
}

}  // namespace
}  // namespace sekisho::gateway
