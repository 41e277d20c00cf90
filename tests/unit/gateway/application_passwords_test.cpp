// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/encoding.h"
#include "gateway/basic.h"
#include "unit/gateway/people.h"

namespace sekisho::gateway {
namespace {

using tests::Answer;

std::string basic(const std::string& login, const std::string& password) {
  return "Basic " + core::to_base64(core::as_bytes(login + ':' + password));
}

class ApplicationPasswords : public SessionsTest {
 protected:
  Answer make(const std::string& cookie, const std::string& more = "",
              const std::string& password = kPassword) {
    return hospital.from_page("POST /api/application-passwords", cookie,
                              R"({"Password":")" + password + R"(","Name":"viewer")" + more + "}");
  }
  std::string made() { return json(make(signed_in()))["ApplicationPassword"].asString(); }
  Answer get(const std::string& target, const std::string& authorization) {
    return hospital.get(target, "", "Authorization: " + authorization + "\r\n");
  }
  std::string last_denial() { return hospital.entries("denial").back()["detail"].asString(); }

  const sharing::Share share = hospital.share(clinic).share;
};

TEST_F(ApplicationPasswords, LetAViewerSeeWhatItsOwnerMaySee) {
  const Answer answer = make(signed_in());
  ASSERT_EQ(answer.status, 201) << answer.body;
  const std::string password = json(answer)["ApplicationPassword"].asString();
  EXPECT_TRUE(password.starts_with("ska_"));
  EXPECT_EQ(password.size(), 47U);
  EXPECT_EQ(get(root(share), basic("sato", password)).status, 200);
  EXPECT_EQ(get("/dicom-web/studies", basic("SATO", password)).status, 200);
  EXPECT_EQ(get("/dicom-web/studies", "bAsIc  " + basic("sato", password).substr(6)).status, 200);
  const auto query = hospital.entries("query").back();
  EXPECT_EQ(query["authentication"].asString(), "application_password");
  EXPECT_EQ(query["facts"]["person"].asString(), sato.id.text());
  const auto change = hospital.entries("credential.change").back();
  EXPECT_EQ(change["facts"]["change"].asString(), "application_password");
  EXPECT_EQ(change["facts"]["application_password"].asString(), json(answer)["ID"].asString());
}

TEST_F(ApplicationPasswords, AreNoSessionAndChangeNothing) {
  const std::string shown = basic("sato", made());
  for (const char* target : {"/api/me", "/api/session", "/api/sessions", "/api/passkeys",
                             "/api/application-passwords"}) {
    EXPECT_EQ(get(target, shown).status, 404) << target;
    EXPECT_EQ(last_denial(), "no_session") << target;
  }
  EXPECT_EQ(get("/api/shares", shown).status, 200);
}

TEST_F(ApplicationPasswords, OpenNothingForWhoeverShowsSomethingElse) {
  const std::string password = made();
  const std::string refusal = hospital.get("/nowhere").body;
  const auto other = person_of(clinic, "suzuki");
  for (const std::string& shown :
       {basic("suzuki", password), basic("", password), basic("sato", kPassword),
        basic("sato", password + "A"), basic("sato", ""), basic(password, "sato"),
        "Basic " + password, std::string("Basic "), std::string("Basic"),
        basic("sato", password) + "=", "Bearer " + password}) {
    const Answer answer = get(root(share), shown);
    EXPECT_EQ(answer.status, 404) << shown;
    EXPECT_EQ(answer.body, refusal) << shown;
    EXPECT_FALSE(answer.headers.contains("www-authenticate")) << shown;
    EXPECT_EQ(last_denial(), "unknown_credential") << shown;
  }
}

TEST_F(ApplicationPasswords, EndWithTimeWithTheirRemovalAndWithTheirOwner) {
  const std::string cookie = signed_in();
  const Json::Value first = json(make(cookie));
  const Json::Value second = json(make(cookie));
  const auto status = [&](const Json::Value& made) {
    return get(root(share), basic("sato", made["ApplicationPassword"].asString())).status;
  };
  const Json::Value listed = json(hospital.from_page("GET /api/application-passwords", cookie));
  ASSERT_EQ(listed["ApplicationPasswords"].size(), 2U);
  EXPECT_EQ(listed["ApplicationPasswords"][0]["Status"].asString(), "live");
  EXPECT_FALSE(listed["ApplicationPasswords"][0].isMember("ApplicationPassword"));
  const std::string path = "DELETE /api/application-passwords/";
  EXPECT_EQ(status_of(path + clinic.id.text(), cookie), 404);
  EXPECT_EQ(status_of(path + first["ID"].asString(), cookie), 204);
  EXPECT_EQ(status_of("GET /api/me", cookie), 200);  // sessions go on
  EXPECT_EQ(status(first), 404);
  EXPECT_EQ(last_denial(), "unknown_credential");
  EXPECT_EQ(hospital.entries("credential.change").back()["facts"]["change"].asString(),
            "application_password_removed");
  EXPECT_EQ(status(second), 200);
  hospital.access().people->disable(sato.id, hospital.time());
  EXPECT_EQ(status(second), 404);
  EXPECT_EQ(last_denial(), "expired_credential");
}

TEST_F(ApplicationPasswords, AreMadeByWhoKnowsThePasswordForAYearAtMost) {
  const std::string cookie = signed_in();
  EXPECT_EQ(make(cookie, "", "a guess").status, 404);
  EXPECT_EQ(last_denial(), "wrong_password");
  EXPECT_EQ(make("").status, 404);
  for (const char* wrong :
       {R"(,"ExpiresAt":"2026-02-09T00:00:00Z")", R"(,"ExpiresAt":"2027-03-10T00:00:00Z")",
        R"(,"ExpiresAt":"soon")", R"(,"Days":"7")"}) {
    EXPECT_EQ(make(cookie, wrong).status, 400) << wrong;
  }
  const Answer answer = make(cookie, R"(,"ExpiresAt":"2026-03-01T00:00:00Z")");
  EXPECT_EQ(json(answer)["ExpiresAt"].asString(), "2026-03-01T00:00:00Z");
  for (int i = 1; i < access::kMostApplicationPasswords; ++i) {
    EXPECT_EQ(make(cookie).status, 201);
  }
  EXPECT_EQ(make(cookie).status, 404);
  EXPECT_EQ(last_denial(), "too_many");
}

TEST_F(ApplicationPasswords, AreNoSessionOfAShareThatHasALimit) {
  sharing::Share limited = tests::a_share(clinic.id);
  limited.profile_json = share.profile_json;
  limited.max_sessions = 5;
  hospital.shares().insert(limited);
  EXPECT_EQ(get(root(limited), basic("sato", made())).status, 404);
  EXPECT_EQ(last_denial(), "used_up_share");
}

TEST_F(ApplicationPasswords, AreOneFactor) {
  sharing::Share demanding = tests::a_share(clinic.id);
  demanding.profile_json = share.profile_json;
  demanding.assurance = sharing::Assurance::password_totp;
  hospital.shares().insert(demanding);
  EXPECT_EQ(get(root(demanding), basic("sato", made())).status, 404);
  EXPECT_EQ(last_denial(), "weak_assurance");
}

TEST(BasicOf, IsReadAsTheStandardHasIt) {
  // RFC 7617 §2 and §2.1.
  EXPECT_EQ(basic_of("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")->login, "Aladdin");
  EXPECT_EQ(basic_of("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")->password, "open sesame");
  EXPECT_EQ(basic_of("Basic dGVzdDoxMjPCow==")->password, "123\u00A3");
  EXPECT_EQ(basic_of(basic("a", "b:c"))->password, "b:c");
  for (const char* none : {"", "Basic", "Basic ", "Basic QWxhZGRpbg==", "Basic dGVzdDoxMjOj",
                           "Bearer dGVzdDoxMjPCow==", "Basic dGVzdDoxMjPCow", "Basicx YTpi"}) {
    EXPECT_FALSE(basic_of(none)) << none;
  }
}

}  // namespace
}  // namespace sekisho::gateway
