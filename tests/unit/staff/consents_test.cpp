// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/consents.h"

#include "shares_fixture.h"

namespace sekisho::staff {
namespace {

class StaffConsents : public StaffShares {
 protected:
  /// What a consent of P1 to treatment needs at least.
  static Json::Value consent_body(const std::string& patient = "P1") {
    Json::Value body;
    body["PatientID"] = patient;
    body["Purpose"] = "TREAT";
    body["ValidUntil"] = "2026-04-01T00:00:00Z";
    body["ObtainedBy"] = "鈴木";
    return body;
  }
  Answer put_down(const std::string& patient = "P1") {
    return post_json("/consents", consent_body(patient));
  }
  /// A share of study 1.1 of P1 for treatment, with more or other keys.
  Answer share(Json::Value more = Json::objectValue) {
    Json::Value body = share_body(recipient);
    body["Purpose"] = "TREAT";
    for (const std::string& key : more.getMemberNames()) body[key] = more[key];
    return post_json("/shares", body);
  }
  static Json::Value with(const std::string& key, Json::Value value) {
    Json::Value body;
    body[key] = std::move(value);
    return body;
  }
  Answer withdraw(const Answer& consent) {
    return post(consent.location.substr(kApiRoot.size()) + "/withdraw",
                R"({"Reason":"患者の申し出"})");
  }
  void require_consent() { options.consents = sharing::ConsentRule::required; }
};

TEST_F(StaffConsents, ArePutDownOnRecordAndShown) {
  Json::Value body = consent_body();
  body["Reference"] = "form 26-0012";
  const Answer made = post_json("/consents", body);
  ASSERT_EQ(made.status, 201) << details(made);
  const std::string id = made.json["ID"].asString();
  EXPECT_EQ(made.location, "/sekisho/api/consents/" + id);
  for (const std::string& key : body.getMemberNames()) EXPECT_EQ(made.json[key], body[key]);
  EXPECT_EQ(made.json["ValidFrom"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(made.json["CreatedBy"], "tanaka");
  EXPECT_EQ(made.json["Status"], "valid");
  EXPECT_EQ(get("/consents/" + id).json, made.json);
  EXPECT_EQ(last_entry()["event"], "consent.create");
  EXPECT_EQ(last_entry()["facts"]["consent"], id);
  EXPECT_EQ(last_entry()["facts"]["purpose"], "TREAT");
  EXPECT_EQ(last_entry()["facts"]["valid_until"], "2026-04-01T00:00:00Z");
  const Answer read = call(Verb::get, "/audit", "", {{"patient", "P1"}});
  EXPECT_EQ(read.json["Entries"][0]["Purpose"], "鈴木: form 26-0012");
}

TEST_F(StaffConsents, ThatMakeNoSenseAreRefusedAndNotPutDown) {
  const std::size_t before = entries().size();
  const std::pair<const char*, Json::Value> wrong[] = {{"PatientID", ""},
                                                       {"PatientID", std::string(65, 'P')},
                                                       {"Purpose", "for her treatment"},
                                                       {"Purpose", ""},
                                                       {"ValidUntil", "2026-02-10T12:00:00Z"},
                                                       {"ValidUntil", "soon"},
                                                       {"ValidFrom", "2026-04-01T00:00:00Z"},
                                                       {"ObtainedBy", ""},
                                                       {"Reference", std::string(201, 'x')},
                                                       {"Remark", "free text"}};
  for (const auto& [key, value] : wrong) {
    Json::Value body = consent_body();
    body[key] = value;
    EXPECT_EQ(post_json("/consents", body).status, 400) << key << to_text(value);
  }
  for (const char* key : {"PatientID", "Purpose", "ValidUntil", "ObtainedBy"}) {
    Json::Value body = consent_body();
    body.removeMember(key);
    EXPECT_EQ(post_json("/consents", body).status, 400) << key;
  }
  EXPECT_EQ(entries().size(), before);
  EXPECT_TRUE(ids_of(get("/consents")).empty());
}

TEST_F(StaffConsents, AreMadeOnceByOneKey) {
  Request request = request_of(Verb::post, "/consents", to_text(consent_body()));
  request.idempotency_key = "his-4711";
  const Answer first = answer_to(request);
  EXPECT_EQ(first.status, 201);
  const Answer again = answer_to(request);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json["ID"], first.json["ID"]);
  EXPECT_TRUE(again.json["Replayed"].asBool());
  EXPECT_EQ(ids_of(get("/consents")).size(), 1U);
}

TEST_F(StaffConsents, AreListedInPagesAndFoundByThePatientInABody) {
  const std::string first = put_down("P1").json["ID"].asString();
  const std::string other = put_down("P2").json["ID"].asString();
  const Answer last = put_down("P1");
  const std::string third = last.json["ID"].asString();
  const Answer page = get("/consents", {{"limit", "2"}});
  EXPECT_EQ(ids_of(page), (std::vector{first, other}));
  EXPECT_EQ(ids_of(get("/consents", {{"after", page.json["Next"].asString()}})),
            std::vector{third});
  withdraw(last);
  EXPECT_EQ(ids_of(get("/consents", {{"status", "valid"}})), (std::vector{first, other}));
  EXPECT_EQ(ids_of(get("/consents", {{"status", "withdrawn"}})), std::vector{third});
  EXPECT_EQ(get("/consents", {{"status", "good"}}).status, 400);
  EXPECT_EQ(get("/consents", {{"patient", "P1"}}).status, 400) << "an address ends up in logs";
  const Answer found = post_json("/consents/search", with("PatientID", "P1"));
  EXPECT_EQ(ids_of(found), (std::vector{third, first}));
  EXPECT_EQ(post("/consents/search").status, 400);
  EXPECT_EQ(get("/consents/" + std::string(32, '0')).status, 404);
}

TEST_F(StaffConsents, ThatAreMissingAreToldByAPreview) {
  const auto without = [this] {
    Json::Value body = share_body(recipient);
    body["Purpose"] = "TREAT";
    const Answer shown = post_json("/shares/preview", body);
    EXPECT_EQ(shown.status, 200) << details(shown);
    return to_text(shown.json["PatientsWithoutConsent"]);
  };
  EXPECT_EQ(without(), "[]") << "none is required";
  require_consent();
  EXPECT_EQ(without(), R"(["P1"])");
  const Answer consent = put_down("P1");
  EXPECT_EQ(without(), "[]");
  withdraw(consent);
  EXPECT_EQ(without(), R"(["P1"])");
}

TEST_F(StaffConsents, AreNotAskedForUnlessTheConfigurationSaysSo) {
  EXPECT_EQ(share().status, 201);
  require_consent();
  EXPECT_EQ(share().status, 409);
}

TEST_F(StaffConsents, OfEachPatientAreNeededForAShareAndBoundItsEnd) {
  require_consent();
  const std::size_t before = entries().size();
  const Answer refused = share();
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(to_text(refused.json["Patients"]), R"(["P1"])");
  EXPECT_EQ(entries().size(), before);
  const std::string consent = put_down().json["ID"].asString();
  const Answer made = share();
  ASSERT_EQ(made.status, 201) << details(made);
  EXPECT_EQ(made.json["ExpiresAt"], "2026-04-01T00:00:00Z");
  EXPECT_EQ(last_entry()["facts"]["consents"], consent);
  EXPECT_EQ(last_entry()["facts"]["expires_at"], "2026-04-01T00:00:00Z");
  EXPECT_EQ(share(with("ExpiresAt", "2026-03-01T00:00:00Z")).json["ExpiresAt"],
            "2026-03-01T00:00:00Z");
  EXPECT_EQ(share(with("Purpose", "HRESCH")).status, 409);
  EXPECT_EQ(share(with("Purpose", "")).status, 409);
  Json::Value scope = with("Level", "Study");
  scope["Uids"].append("1.5");
  scope["PatientID"] = "P2";
  EXPECT_EQ(to_text(share(with("Scope", scope)).json["Patients"]), R"(["P2"])");
}

TEST_F(StaffConsents, OfAShareThatBeginsLaterMustHoldThen) {
  require_consent();
  put_down();
  EXPECT_EQ(share(with("NotBefore", "2026-04-01T00:00:00Z")).status, 409);
  EXPECT_EQ(share(with("NotBefore", "2026-03-31T23:00:00Z")).status, 201);
}

TEST_F(StaffConsents, LetNoShareBeExtendedBeyondThem) {
  require_consent();
  put_down();
  const std::string path =
      "/shares/" + share(with("ExpiresAt", "2026-03-01T00:00:00Z")).json["ID"].asString();
  const auto extend = [&](const char* end) {
    return post_json(path + "/extend", with("ExpiresAt", end)).status;
  };
  EXPECT_EQ(extend("2026-04-01T00:00:01Z"), 409);
  EXPECT_EQ(extend("2026-04-01T00:00:00Z"), 200);
}

TEST_F(StaffConsents, EndTheSharesThatLeanOnThemAndSayWhich) {
  const Answer consent = put_down();
  const std::string first = share().json["ID"].asString();
  const std::string second = share().json["ID"].asString();
  const std::size_t before = entries().size();
  const Answer withdrawn = withdraw(consent);
  ASSERT_EQ(withdrawn.status, 200) << details(withdrawn);
  EXPECT_EQ(withdrawn.json["Status"], "withdrawn");
  EXPECT_EQ(withdrawn.json["WithdrawReason"], "患者の申し出");
  EXPECT_EQ(withdrawn.json["WithdrawnBy"], "tanaka");
  EXPECT_EQ(to_text(withdrawn.json["EndedShares"]), to_text([&] {
              Json::Value ids;
              ids.append(first);
              ids.append(second);
              return ids;
            }()));
  for (const std::string& id : {first, second}) {
    EXPECT_EQ(get("/shares/" + id).json["Status"], "revoked");
  }
  const auto all = entries();
  ASSERT_EQ(all.size(), before + 3);
  EXPECT_EQ(all[before]["event"], "consent.withdraw");
  for (const std::size_t i : {before + 1, before + 2}) {
    EXPECT_EQ(all[i]["event"], "share.revoke");
    EXPECT_EQ(all[i]["facts"]["consent"], consent.json["ID"]);
  }
  for (const Json::Value& entry : all) {
    EXPECT_EQ(to_text(entry).find("患者の"), std::string::npos);
  }
  EXPECT_EQ(withdraw(consent).json, withdrawn.json) << "again";
  EXPECT_EQ(entries().size(), before + 3);
}

TEST_F(StaffConsents, LeaveSharesThatAnotherCarries) {
  require_consent();
  const Answer first = put_down();
  const Answer second = put_down();
  const std::string id = share().json["ID"].asString();
  EXPECT_EQ(withdraw(first).json["EndedShares"].size(), 0U);
  EXPECT_EQ(get("/shares/" + id).json["Status"], "live");
  EXPECT_EQ(withdraw(second).json["EndedShares"][0], id);
}

TEST_F(StaffConsents, AreNotWithdrawnWithoutAReasonOrARecord) {
  const Answer consent = put_down();
  const std::string path = "/consents/" + consent.json["ID"].asString();
  const std::string id = share().json["ID"].asString();
  EXPECT_EQ(post(path + "/withdraw").status, 400);
  EXPECT_EQ(post("/consents/" + std::string(32, '0') + "/withdraw", R"({"Reason":"x"})").status,
            404);
  break_log();
  EXPECT_THROW(withdraw(consent), audit::AuditError);
  EXPECT_EQ(get(path).json["Status"], "valid");
  EXPECT_EQ(get("/shares/" + id).json["Status"], "live");
  EXPECT_THROW(put_down(), audit::AuditError);
  EXPECT_EQ(ids_of(get("/consents")).size(), 1U);
}

}  // namespace
}  // namespace sekisho::staff
