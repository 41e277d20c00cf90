// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "access/challenges.h"
#include "core/encoding.h"
#include "support/software_authenticator.h"
#include "unit/gateway/people.h"

namespace sekisho::gateway {
namespace {

using tests::Answer;
using tests::SoftwareAuthenticator;

std::string text(core::ByteView bytes) { return core::to_base64url(bytes); }

class PasskeysAtTheDoor : public SessionsTest {
 protected:
  Answer begin(const std::string& cookie, const std::string& password = kPassword) {
    return hospital.from_page("POST /api/passkeys/begin", cookie,
                              R"({"Password":")" + password + R"("})");
  }
  Answer enrol(const std::string& cookie, const std::string& challenge) {
    const std::string said = authenticator.client_data("webauthn.create", challenge);
    return hospital.from_page("POST /api/passkeys", cookie,
                              R"({"Name":"desk","ClientData":")" + text(core::as_bytes(said)) +
                                  R"(","AuthenticatorData":")" +
                                  text(authenticator.new_credential()) + R"("})");
  }
  /// Signs in by password, enrols, and gives the answer to that.
  Answer enrolled() {
    const std::string cookie = signed_in();
    const Answer offer = begin(cookie);
    EXPECT_EQ(offer.status, 200) << offer.body;
    return enrol(cookie, json(offer)["PublicKey"]["challenge"].asString());
  }
  std::string challenge() {
    const Answer offer = hospital.from_page("POST /api/session/passkey", "", "{}");
    EXPECT_EQ(offer.status, 200) << offer.body;
    return json(offer)["PublicKey"]["challenge"].asString();
  }
  Answer sign_in(const std::string& challenge) {
    const std::string said = authenticator.client_data("webauthn.get", challenge);
    const core::Bytes assertion = authenticator.assertion();
    const auto handle = core::from_hex(sato.id.text());
    return hospital.from_page("POST /api/session", "",
                              R"({"Passkey":")" + text(authenticator.name) + R"(","ClientData":")" +
                                  text(core::as_bytes(said)) + R"(","AuthenticatorData":")" +
                                  text(assertion) + R"(","Signature":")" +
                                  text(authenticator.sign(assertion, said)) +
                                  R"(","UserHandle":")" + text(*handle) + R"("})");
  }
  std::string last_denial() { return hospital.entries("denial").back()["detail"].asString(); }

  SoftwareAuthenticator authenticator;
};

TEST_F(PasskeysAtTheDoor, OneThatIsEnrolledOpensWhatDemandsTwoFactors) {
  const Answer made = enrolled();
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(json(made)["Session"]["Assurance"].asString(), "password+totp");
  EXPECT_EQ(json(made)["Passkey"]["Name"].asString(), "desk");
  ++authenticator.count;
  const Answer answer = sign_in(challenge());
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(json(answer)["Assurance"].asString(), "password+totp");
  const std::string cookie = cookie_set_by(answer);
  EXPECT_EQ(json(hospital.from_page("GET /api/me", cookie))["Passkeys"].asInt(), 1);
  const Json::Value own = json(hospital.from_page("GET /api/passkeys", cookie))["Passkeys"];
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0]["ID"], json(made)["Passkey"]["ID"]);
  EXPECT_TRUE(own[0].isMember("UsedAt"));
  const auto changes = hospital.entries("credential.change");
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0]["facts"]["change"].asString(), "passkey");
  const auto begun = hospital.entries("session.begin").back();
  EXPECT_EQ(begun["authentication"].asString(), "password+totp");
  EXPECT_EQ(begun["facts"]["second_factor"].asString(), "passkey");
  EXPECT_EQ(begun["facts"]["passkey"], own[0]["ID"]);
}

TEST_F(PasskeysAtTheDoor, TheOfferToSignInTellsNothingOfAnybody) {
  const auto offer = [&] {
    Json::Value shown = json(hospital.from_page("POST /api/session/passkey", "", "{}"));
    shown["PublicKey"]["challenge"] = "";
    return shown;
  };
  const Json::Value before = offer();
  EXPECT_EQ(before["PublicKey"]["rpId"].asString(), "share.hospital.example");
  EXPECT_EQ(before["PublicKey"]["userVerification"].asString(), "required");
  enrolled();
  EXPECT_EQ(offer(), before);
  EXPECT_EQ(hospital.from_page("POST /api/session/passkey", "", R"({"Login":"sato"})").status, 404);
  EXPECT_EQ(hospital.from_page("POST /api/session/passkey").status, 404);
}

TEST_F(PasskeysAtTheDoor, WhateverIsWrongGetsOneAnswerAndALogThatKnows) {
  enrolled();
  const std::string refusal = hospital.from_page("GET /nowhere").body;
  const auto refused = [&](const Answer& answer) {
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, refusal);
    EXPECT_EQ(cookie_set_by(answer), "");
    return last_denial();
  };
  EXPECT_EQ(refused(sign_in(challenge())), "copied_passkey");
  ++authenticator.count;
  EXPECT_EQ(refused(sign_in("AAAA")), "stale_challenge");
  authenticator.flags = SoftwareAuthenticator::kPresent;
  EXPECT_EQ(refused(sign_in(challenge())), "unverified_user");
  authenticator.flags |= SoftwareAuthenticator::kVerified;
  authenticator.origin = "https://evil.example";
  EXPECT_EQ(refused(sign_in(challenge())), "foreign_passkey");
  authenticator.origin = tests::kPublicUrl;
  const std::string once = challenge();
  EXPECT_EQ(sign_in(once).status, 201);
  ++authenticator.count;
  EXPECT_EQ(refused(sign_in(once)), "stale_challenge");
  hospital.access().people->disable(sato.id, hospital.time());
  EXPECT_EQ(refused(sign_in(challenge())), "disabled_person");
}

TEST_F(PasskeysAtTheDoor, WhoKnowsThePasswordAloneChangesNothingBesideAPasskey) {
  const std::string key = json(enrolled())["Passkey"]["ID"].asString();
  const std::string thief = signed_in();
  const std::string form = R"({"Password":"mountain river 7 lake"})";
  for (const auto& [line, body] : std::vector<std::pair<std::string, std::string>>{
           {"POST /api/passkeys/begin", form},
           {"POST /api/passkeys", "{}"},
           {"DELETE /api/passkeys/" + key, ""},
           {"POST /api/totp", form},
           {"POST /api/totp/enrol", R"({"Code":"123456"})"},
           {"POST /api/totp/remove", form},
           {"POST /api/password", form}}) {
    EXPECT_EQ(hospital.from_page(line, thief, body).status, 404) << line;
    EXPECT_EQ(last_denial(), "weak_assurance") << line;
  }
  EXPECT_EQ(hospital.access().passkeys->of_person(sato.id).size(), 1U);
}

TEST_F(PasskeysAtTheDoor, AnEnrolmentAsksForThePasswordAndStaysInItsSession) {
  const std::string cookie = signed_in();
  EXPECT_EQ(begin(cookie, "a guess").status, 404);
  EXPECT_EQ(last_denial(), "wrong_password");
  const std::string offered = json(begin(cookie))["PublicKey"]["challenge"].asString();
  EXPECT_EQ(enrol(signed_in(), offered).status, 404);
  EXPECT_EQ(last_denial(), "stale_challenge");
  EXPECT_EQ(enrol("", offered).status, 404);
  EXPECT_EQ(enrol(cookie, offered).status, 200);
  EXPECT_EQ(status_of("GET /api/me", cookie), 404);  // all sessions have ended
}

TEST_F(PasskeysAtTheDoor, TheOfferNamesWhatIsThereSoThatNoneIsMadeTwice) {
  const std::string cookie = cookie_set_by(enrolled());
  const Json::Value options = json(begin(cookie))["PublicKey"];
  ASSERT_EQ(options["excludeCredentials"].size(), 1U);
  EXPECT_EQ(options["excludeCredentials"][0]["id"].asString(), text(authenticator.name));
  EXPECT_EQ(options["attestation"].asString(), "none");
  EXPECT_EQ(options["authenticatorSelection"]["userVerification"].asString(), "required");
  EXPECT_EQ(options["rp"]["id"].asString(), "share.hospital.example");
  EXPECT_EQ(options["user"]["name"].asString(), "sato");
}

TEST_F(PasskeysAtTheDoor, TheLastOneLeavesAPasswordAlone) {
  const Answer made = enrolled();
  const std::string key = json(made)["Passkey"]["ID"].asString();
  const std::string cookie = cookie_set_by(made);
  EXPECT_EQ(status_of("DELETE /api/passkeys/" + clinic.id.text(), cookie), 404);
  const Answer removed = hospital.from_page("DELETE /api/passkeys/" + key, cookie);
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(json(removed)["Session"]["Assurance"].asString(), "password");
  EXPECT_EQ(hospital.entries("credential.change").back()["facts"]["change"].asString(),
            "passkey_removed");
  ++authenticator.count;
  EXPECT_EQ(sign_in(challenge()).status, 404);
  EXPECT_EQ(last_denial(), "unknown_passkey");
}

TEST_F(PasskeysAtTheDoor, NothingIsEnrolledWithoutTheLog) {
  const std::string cookie = signed_in();
  const std::string offered = json(begin(cookie))["PublicKey"]["challenge"].asString();
  hospital.break_log();
  EXPECT_EQ(enrol(cookie, offered).status, 503);
  EXPECT_TRUE(hospital.access().passkeys->of_person(sato.id).empty());
}

}  // namespace
}  // namespace sekisho::gateway
