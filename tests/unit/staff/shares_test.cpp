// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profile.h"
#include "api_fixture.h"
#include "sharing/bearer.h"

namespace sekisho::staff {
namespace {

using tests::at;
using tests::study_key;

class StaffShares : public StaffApiTest {
 protected:
  /// The least body with more or other keys.
  Json::Value body_with(const std::string& key, const std::string& json) {
    Json::Value body = share_body(recipient);
    body[key] = std::get<Json::Value>(parse_json_object(R"({"v":)" + json + "}"))["v"];
    return body;
  }
  Answer create(const std::string& key, const std::string& json) {
    return post_json("/shares", body_with(key, json));
  }
  sharing::Share stored(const Answer& answer) {
    return *shares.find(*sharing::ShareId::parse(answer.json["ID"].asString()));
  }
  std::string recipient = new_recipient();
};

TEST_F(StaffShares, NeedARecipientAndAScopeOnly) {
  const auto created = post_json("/shares", share_body(recipient));
  ASSERT_EQ(created.status, 201) << details(created);
  EXPECT_EQ(created.json["Recipient"], recipient);
  EXPECT_EQ(created.json["Profile"], "ps3.15-basic");
  EXPECT_EQ(to_text(created.json["Permissions"]), R"(["view","download"])");
  EXPECT_EQ(created.json["Assurance"], "password");
  EXPECT_EQ(created.json["NotBefore"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(created.json["ExpiresAt"], "2026-05-11T12:00:00Z");
  EXPECT_EQ(created.json["IntendedUse"], "reference");
  EXPECT_EQ(created.json["CreatedBy"], "tanaka");
  EXPECT_EQ(created.json["Status"], "live");
  EXPECT_FALSE(created.json.isMember("MaxSessions"));
  EXPECT_EQ(stored(created).scope, sharing::Scope(sharing::StudyScope{{study_key("P1", "1.1")}}));
}

TEST_F(StaffShares, TakeEverythingThatMayBeSaid) {
  Json::Value body = share_body(recipient);
  body["Profile"]["Name"] = "patient-fields";
  body["Permissions"].append("return");
  body["Permissions"].append("view");
  body["NotBefore"] = "2026-02-11T09:00:00+09:00";
  body["ExpiresAt"] = "2026-02-20T00:00:00Z";
  body["MaxSessions"] = 3;
  body["Assurance"] = "certificate";
  body["Purpose"] = "読影依頼";
  body["IntendedUse"] = "reading";
  const auto created = post_json("/shares", body);
  ASSERT_EQ(created.status, 201) << details(created);
  const auto share = stored(created);
  EXPECT_EQ(share.profile_name, "patient-fields");
  EXPECT_EQ(share.permissions, (sharing::Permissions{.view = true, .give_back = true}));
  EXPECT_EQ(share.not_before, at("2026-02-11T00:00:00Z"));
  EXPECT_EQ(share.expires_at, at("2026-02-20T00:00:00Z"));
  EXPECT_EQ(share.max_sessions, 3);
  EXPECT_EQ(share.assurance, sharing::Assurance::certificate);
  EXPECT_EQ(share.purpose, "読影依頼");
  EXPECT_EQ(share.intended_use, sharing::IntendedUse::reading);
  EXPECT_EQ(created.json["Status"], "pending");
}

TEST_F(StaffShares, KeepTheProfileAsItWasWhenTheyWereMade) {
  const auto share = stored(post_json("/shares", share_body(recipient)));
  const auto profile = anonymization::Profile::from_json(share.profile_json);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->name(), "ps3.15-basic");
}

TEST_F(StaffShares, TellWhichOptionsTheirProfileHadWhenTheyWereMade) {
  const auto created =
      create("Profile", R"({"Name":"ps3.15-basic","Options":["RetainUids","CleanDescriptors"]})");
  ASSERT_EQ(created.status, 201) << details(created);
  EXPECT_EQ(to_text(created.json["ResolvedProfile"]),
            R"({"Name":"ps3.15-basic","Options":["RetainUids","CleanDescriptors"]})");
  EXPECT_EQ(get("/shares/" + created.json["ID"].asString()).json["ResolvedProfile"],
            created.json["ResolvedProfile"]);
  EXPECT_EQ(last_entry()["facts"]["options"], "RetainUids CleanDescriptors");
  const auto plain = create("Profile", R"("ps3.15-basic")");
  EXPECT_EQ(to_text(plain.json["ResolvedProfile"]), R"({"Name":"ps3.15-basic"})");
  EXPECT_FALSE(last_entry()["facts"].isMember("options"));
}

TEST_F(StaffShares, TellWhichFieldsAndModalitiesTheirProfileMasks) {
  const auto fields =
      create("Profile", R"({"Name":"patient-fields","Fields":["PatientNameKana","PatientSex"]})");
  EXPECT_EQ(to_text(fields.json["ResolvedProfile"]),
            R"({"Fields":["PatientNameKana","PatientSex"],"Name":"patient-fields"})");
  EXPECT_EQ(last_entry()["facts"]["fields"], "PatientNameKana PatientSex");
  const auto all = create("Profile", R"("patient-fields")");
  EXPECT_EQ(all.json["ResolvedProfile"]["Fields"].size(), 5U);
  const auto minimum =
      create("Profile",
             R"({"Name":"minimum-disclosure","Fields":["PatientName"],"Modalities":["CT","MR"]})");
  EXPECT_EQ(to_text(minimum.json["ResolvedProfile"]),
            R"({"Fields":["PatientName"],"Modalities":["CT","MR"],"Name":"minimum-disclosure"})");
  EXPECT_EQ(last_entry()["facts"]["modalities"], "CT MR");
}

TEST_F(StaffShares, TellWhatAProfileOfTheConfigurationIsBasedOn) {
  options.profiles =
      std::get<anonymization::ProfileCatalogue>(anonymization::ProfileCatalogue::read(
          R"({"teaching":{"Base":{"Name":"ps3.15-basic","Options":["CleanDescriptors"]},
          "Rules":[{"Element":"StudyID","Action":"Remove"}]}})"));
  const auto created = create("Profile", R"("teaching")");
  ASSERT_EQ(created.status, 201) << details(created);
  EXPECT_EQ(to_text(created.json["ResolvedProfile"]),
            R"({"Base":"ps3.15-basic","Name":"teaching","Options":["CleanDescriptors"]})");
  EXPECT_EQ(last_entry()["facts"]["profile"], "teaching");
  EXPECT_EQ(last_entry()["facts"]["base"], "ps3.15-basic");
  options.profiles = anonymization::ProfileCatalogue();
  EXPECT_EQ(get("/shares").json["Shares"][0]["ResolvedProfile"], created.json["ResolvedProfile"]);
}

TEST_F(StaffShares, PutOnRecordWhyInTheWordsOfStaff) {
  const auto created = create("Purpose", R"("山田太郎様の読影依頼")");
  ASSERT_EQ(created.status, 201) << details(created);
  EXPECT_EQ(to_text(last_entry()).find("読影"), std::string::npos);
  post("/shares/" + created.json["ID"].asString() + "/revoke", R"({"Reason":"送り先の誤り"})");
  EXPECT_EQ(to_text(last_entry()).find("誤り"), std::string::npos);
  const Json::Value made = get("/audit", {{"event", "share.create"}}).json["Entries"][0];
  EXPECT_EQ(made["Purpose"], "山田太郎様の読影依頼");
  EXPECT_EQ(made["IntendedUse"], "reference");
  EXPECT_EQ(get("/audit", {{"event", "share.revoke"}}).json["Entries"][0]["Purpose"],
            "送り先の誤り");
}

TEST_F(StaffShares, AreExtendedByAnActOfItsOwnOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  const auto before = get(path).json;
  const auto extended =
      post(path + "/extend", R"({"ExpiresAt":"2026-08-01T00:00:00Z","Reason":"読影が遅れている"})");
  ASSERT_EQ(extended.status, 200) << details(extended);
  EXPECT_EQ(extended.json["ExpiresAt"], "2026-08-01T00:00:00Z");
  EXPECT_EQ(get(path).json, extended.json);
  EXPECT_EQ(to_text(extended.json["Extensions"]),
            R"([{"ExpiresAt":"2026-08-01T00:00:00Z","ExtendedAt":"2026-02-10T12:00:00Z",)"
            R"("ExtendedBy":"tanaka","Reason":"読影が遅れている"}])");
  EXPECT_EQ(last_entry()["event"], "share.extend");
  EXPECT_EQ(last_entry()["facts"]["previous_end"], before["ExpiresAt"]);
  EXPECT_EQ(last_entry()["facts"]["expires_at"], "2026-08-01T00:00:00Z");
  EXPECT_EQ(to_text(last_entry()).find("読影"), std::string::npos);
  now = tests::at("2026-07-31T23:59:59Z");
  EXPECT_EQ(get(path).json["Status"], "live");
}

TEST_F(StaffShares, AreExtendedWithinTheMaximumAndOnlyAwayFromNow) {
  const std::string path = "/shares/" + new_share(recipient);
  const auto extend = [&](const std::string& end) {
    return post(path + "/extend", R"({"ExpiresAt":")" + end + "\"}").status;
  };
  const auto entries_before = entries().size();
  EXPECT_EQ(post(path + "/extend").status, 400);
  EXPECT_EQ(extend("2027-02-10T12:00:01Z"), 400);
  EXPECT_EQ(extend("2026-03-01T00:00:00Z"), 409);
  EXPECT_EQ(extend("2026-05-11T12:00:00Z"), 200) << "it ends then already";
  EXPECT_EQ(entries().size(), entries_before);
  EXPECT_EQ(extend("2027-02-10T12:00:00Z"), 200);
}

TEST_F(StaffShares, AreNotExtendedOnceTheyAreOver) {
  const std::string revoked = "/shares/" + new_share(recipient);
  const std::string expired = "/shares/" + new_share(recipient);
  post(revoked + "/revoke");
  const std::string body = R"({"ExpiresAt":"2026-08-01T00:00:00Z"})";
  EXPECT_EQ(post(revoked + "/extend", body).status, 409);
  now = tests::at("2026-05-11T12:00:00Z");
  EXPECT_EQ(post(expired + "/extend", body).status, 409);
  EXPECT_EQ(post("/shares/" + std::string(32, '0') + "/extend", body).status, 404);
}

TEST_F(StaffShares, KeepTheirEndWhereThatCannotBePutOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  break_log();
  EXPECT_THROW(post(path + "/extend", R"({"ExpiresAt":"2026-08-01T00:00:00Z"})"),
               audit::AuditError);
  EXPECT_EQ(get(path).json["ExpiresAt"], "2026-05-11T12:00:00Z");
}

TEST_F(StaffShares, HaveKeysOfTheirOwn) {
  const auto first = stored(post_json("/shares", share_body(recipient)));
  const auto second = stored(post_json("/shares", share_body(recipient)));
  const auto key = shares.mask_key(first.id);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->view().size(), 32U);
  EXPECT_FALSE(core::equal_in_constant_time(key->view(), shares.mask_key(second.id)->view()));
  EXPECT_NE(first.link_hash, second.link_hash);
}

TEST_F(StaffShares, ShowTheirLinkOnce) {
  const auto created = create("Assurance", R"("link")");
  const std::string id = created.json["ID"].asString();
  const std::string link = created.json["Link"].asString();
  const std::string start = "https://share.hospital.example/s/" + id + "#";
  ASSERT_TRUE(link.starts_with(start)) << link;
  const std::string secret = link.substr(start.size());
  EXPECT_EQ(shares.find_by_link(sharing::bearer_hash(secret))->id.text(), id);
  EXPECT_EQ(created.json["LinkToken"], secret);
  EXPECT_NE(created.json["HowToOpen"].asString().find("LinkToken"), std::string::npos);
  for (const auto& entry : entries()) {
    EXPECT_EQ(to_text(entry).find(secret.substr(4)), std::string::npos);
  }
  EXPECT_EQ(created.json["DicomWebRoot"],
            "https://share.hospital.example/shares/" + id + "/dicom-web");
  for (const auto& answer : {get("/shares"), get("/shares/" + id)}) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(to_text(answer.json).find(secret), std::string::npos);
    EXPECT_EQ(to_text(answer.json).find("\"Link\""), std::string::npos);
  }
}

TEST_F(StaffShares, HaveNoSecretInTheirLinkWhereItWouldOpenNothing) {
  const auto created = post_json("/shares", share_body(recipient));
  EXPECT_EQ(created.json["Link"],
            "https://share.hospital.example/s/" + created.json["ID"].asString());
  EXPECT_FALSE(created.json.isMember("LinkToken"));
  EXPECT_EQ(to_text(created.json).find("skl_"), std::string::npos);
  EXPECT_NE(created.json["HowToOpen"].asString().find("certificate"), std::string::npos);
}

TEST_F(StaffShares, AreShownAsTheyWereCreated) {
  auto created = post_json("/shares", share_body(recipient));
  for (const char* once : {"Link", "HowToOpen"}) created.json.removeMember(once);
  EXPECT_EQ(get("/shares/" + created.json["ID"].asString()).json, created.json);
  EXPECT_EQ(get("/shares").json["Shares"][0], created.json);
  EXPECT_EQ(to_text(created.json["Scope"]), R"({"Level":"Study","PatientID":"P1","Uids":["1.1"]})");
}

TEST_F(StaffShares, HaveAScopeThatMakesTheSameShareAgain) {
  for (const char* scope :
       {R"({"Level":"Patient","PatientID":"P1"})", R"({"Level":"Study","Uids":["1.1"]})",
        R"({"Level":"Study","PatientID":"P2","Uids":["1.5"]})",
        R"({"Level":"Series","Uids":["1.1.1"]})",
        R"({"Level":"Instance","Uids":["1.1.1.2","1.1.1.1"]})"}) {
    const auto first = create("Scope", scope);
    ASSERT_EQ(first.status, 201) << scope;
    const auto again = create("Scope", to_text(first.json["Scope"]));
    ASSERT_EQ(again.status, 201) << scope;
    EXPECT_EQ(stored(again).scope, stored(first).scope);
    EXPECT_EQ(again.json["Scope"], first.json["Scope"]);
  }
}

TEST_F(StaffShares, TakeTheNamesThatOrthancGives) {
  const core::SeriesKey series = tests::series_key("P1", "1.1", "1.1.1");
  const core::InstanceKey instance{series, *core::Uid::parse("1.1.1.2")};
  const auto scope_of = [&](const std::string& level, const std::string& id) {
    return stored(create("Scope", R"({"Level":")" + level + R"(","OrthancId":")" + id + "\"}"))
        .scope;
  };
  EXPECT_EQ(scope_of("Patient", core::patient_resource_id("P1")),
            sharing::Scope(sharing::PatientScope{"P1"}));
  EXPECT_EQ(scope_of("Study", resource_id(series.study)),
            sharing::Scope(sharing::StudyScope{{series.study}}));
  EXPECT_EQ(scope_of("Series", resource_id(series)),
            sharing::Scope(sharing::SeriesScope{{series}}));
  EXPECT_EQ(scope_of("Instance", resource_id(instance)),
            sharing::Scope(sharing::InstanceScope{{instance}}));
}

TEST_F(StaffShares, OfAStudyThatTwoPatientsHaveAreOfTheOneThatOrthancNames) {
  const auto second = tests::series_key("P2", "1.5", "1.5.1").study;
  const auto created =
      create("Scope", R"({"Level":"Study","OrthancIds":[")" + resource_id(second) + R"("]})");
  EXPECT_EQ(stored(created).scope, sharing::Scope(sharing::StudyScope{{second}}));
}

TEST_F(StaffShares, TakeOneKindOfNames) {
  const std::string id = resource_id(tests::series_key("P1", "1.1", "1.1.1").study);
  const std::string nobody = core::patient_resource_id("P9");
  const std::pair<std::string, int> wrong[] = {
      {R"({"Level":"Study","OrthancId":")" + id + R"(","Uids":["1.1"]})", 400},
      {R"({"Level":"Study","OrthancId":")" + id + R"(","PatientID":"P1"})", 400},
      {R"({"Level":"Study","OrthancId":")" + id + R"(","OrthancIds":[")" + id + R"("]})", 400},
      {R"({"Level":"Patient","PatientID":"P1","Uids":["1.1"]})", 400},
      {R"({"Level":"Patient","OrthancIds":[")" + id + R"("]})", 400},
      {R"({"Level":"Study","OrthancId":"1.1"})", 400},
      {R"({"Level":"Study","OrthancIds":[")" + id + R"(","x"]})", 400},
      {R"({"Level":"Study","OrthancIds":[]})", 400},
      {R"({"Level":"Series","OrthancId":")" + id + R"("})", 404},
      {R"({"Level":"Patient","OrthancId":")" + nobody + R"("})", 404},
  };
  for (const auto& [scope, status] : wrong) {
    EXPECT_EQ(create("Scope", scope).status, status) << scope;
  }
}

TEST_F(StaffShares, CoverEveryLevel) {
  const auto series = create("Scope", R"({"Level":"Series","Uids":["1.1.1"]})");
  EXPECT_EQ(series.status, 201);
  EXPECT_EQ(stored(series).scope,
            sharing::Scope(sharing::SeriesScope{{tests::series_key("P1", "1.1", "1.1.1")}}));
  const auto instance = create("Scope", R"({"Level":"Instance","Uids":["1.1.1.2","1.1.1.1"]})");
  EXPECT_EQ(instance.status, 201);
  EXPECT_EQ(std::get<sharing::InstanceScope>(stored(instance).scope).instances.size(), 2U);
  const auto patient = create("Scope", R"({"Level":"Patient","PatientID":"P2"})");
  EXPECT_EQ(patient.status, 201);
  EXPECT_EQ(stored(patient).scope, sharing::Scope(sharing::PatientScope{"P2"}));
  EXPECT_EQ(patient.json["Scope"]["PatientID"], "P2");
}

TEST_F(StaffShares, NameEveryUidThatTheArchiveDoesNotHold) {
  const auto refused = create("Scope", R"({"Level":"Study","Uids":["9.1","1.1","9.2"]})");
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.json["Details"].size(), 2U);
  EXPECT_NE(details(refused).find("9.1"), std::string::npos);
  EXPECT_NE(details(refused).find("9.2"), std::string::npos);
  for (const char* scope :
       {R"({"Level":"Series","Uids":["1.1"]})", R"({"Level":"Instance","Uids":["1.1"]})",
        R"({"Level":"Patient","PatientID":"P9"})",
        R"({"Level":"Study","Uids":["1.1"],"PatientID":"P2"})"}) {
    EXPECT_EQ(create("Scope", scope).status, 404) << scope;
  }
  EXPECT_TRUE(get("/shares").json["Shares"].empty());
}

TEST_F(StaffShares, AskWhoseStudyIsMeantWhereTwoPatientsHaveIt) {
  for (const char* scope :
       {R"({"Level":"Study","Uids":["1.5"]})", R"({"Level":"Series","Uids":["1.5.1"]})",
        R"({"Level":"Instance","Uids":["1.5.1.1"]})"}) {
    const auto refused = create("Scope", scope);
    EXPECT_EQ(refused.status, 409) << scope;
    EXPECT_NE(details(refused).find("add \"PatientID\""), std::string::npos);
  }
  const auto created = create("Scope", R"({"Level":"Study","Uids":["1.5"],"PatientID":"P2"})");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(stored(created).scope, sharing::Scope(sharing::StudyScope{{study_key("P2", "1.5")}}));
}

TEST_F(StaffShares, RefuseWrongScopes) {
  for (const char* scope :
       {"{}", "[]", "null", R"("1.1")", R"({"Level":"Galaxy","Uids":["1.1"]})",
        R"({"Level":"study","Uids":["1.1"]})", R"({"Level":"Study"})",
        R"({"Level":"Study","Uids":[]})", R"({"Level":"Study","Uids":"1.1"})",
        R"({"Level":"Study","Uids":["not a uid"]})", R"({"Level":"Study","Uids":[1.1]})",
        R"({"Level":"Study","Uids":["1.1","1.1"]})", R"({"Level":"Study","PatientID":"P1"})",
        R"({"Level":"Patient"})", R"({"Level":"Patient","PatientID":""})",
        R"({"Level":"Patient","PatientID":"P1","Uids":["1.1"]})",
        R"({"Level":"Study","Uids":["1.1"],"Series":["1.1.1"]})"}) {
    EXPECT_EQ(create("Scope", scope).status, 400) << scope;
  }
}

TEST_F(StaffShares, RefuseMoreUidsThanOneCallMayLookUp) {
  Json::Value scope;
  scope["Level"] = "Study";
  for (int i = 0; i < 1001; ++i) scope["Uids"].append("2.25." + std::to_string(i));
  EXPECT_EQ(create("Scope", to_text(scope)).status, 400);
}

TEST_F(StaffShares, RefuseEverythingElseThatMakesNoSense) {
  const std::pair<const char*, const char*> wrong[] = {
      {"Profile", R"("no-such-profile")"},
      {"Profile", "7"},
      {"Profile", "null"},
      {"Profile", R"({"Name":"none","Fields":["PatientName"]})"},
      {"Permissions", "[]"},
      {"Permissions", R"(["everything"])"},
      {"Permissions", R"(["view","view"])"},
      {"Permissions", R"("view")"},
      {"Assurance", R"("trust me")"},
      {"MaxSessions", "0"},
      {"MaxSessions", "-1"},
      {"MaxSessions", "1.5"},
      {"Purpose", "7"},
      {"Purpose", R"("a\nb")"},
      {"IntendedUse", R"("printing")"},
      {"NotBefore", R"("tomorrow")"},
      {"Recipient", "null"},
      {"Recipient", R"("somebody")"},
      {"Unknown", "1"},
  };
  for (const auto& [key, json] : wrong) {
    const auto refused = create(key, json);
    EXPECT_EQ(refused.status, 400) << key << json;
    EXPECT_EQ(refused.json["Details"].size(), 1U) << details(refused);
    EXPECT_NE(details(refused).find(key), std::string::npos) << details(refused);
  }
  EXPECT_TRUE(get("/shares").json["Shares"].empty());
}

TEST_F(StaffShares, DemandNoAssuranceThatNobodyCanHave) {
  const auto refused = create("Assurance", R"("password+totp")");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(details(refused).find("one-time codes"), std::string::npos) << details(refused);
}

TEST_F(StaffShares, ReportEveryProblemAtOnce) {
  const auto refused = post("/shares", R"({"Scope":{"Level":"Moon"},"Profile":"x",
      "ExpiresAt":"soon","MaxSessions":0,"Extra":1})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.json["Details"].size(), 7U) << details(refused);
}

TEST_F(StaffShares, ExpireWithinTheConfiguredMaximum) {
  EXPECT_EQ(create("ExpiresAt", R"("2027-02-10T12:00:00Z")").status, 201);
  for (const char* expiry : {R"("2027-02-10T12:00:00.000001Z")", R"("2026-02-10T12:00:00Z")",
                             R"("2001-01-01T00:00:00Z")", "17", R"("2026-02-30T00:00:00Z")"}) {
    EXPECT_EQ(create("ExpiresAt", expiry).status, 400) << expiry;
  }
  EXPECT_NE(details(create("ExpiresAt", R"("2999-01-01T00:00:00Z")")).find("2027-02-10T12:00:00Z"),
            std::string::npos);
}

TEST_F(StaffShares, BeginBeforeTheyExpire) {
  EXPECT_EQ(create("NotBefore", R"("2026-05-11T11:59:59Z")").status, 201);
  EXPECT_EQ(create("NotBefore", R"("2026-05-11T12:00:00Z")").status, 400);
}

TEST_F(StaffShares, FollowTheConfiguration) {
  options.default_profile = "minimum-disclosure";
  options.default_expiry = std::chrono::days(7);
  const auto created = post_json("/shares", share_body(recipient));
  EXPECT_EQ(created.json["Profile"], "minimum-disclosure");
  EXPECT_EQ(created.json["ExpiresAt"], "2026-02-17T12:00:00Z");
}

TEST_F(StaffShares, AreForKnownRecipientsThatAreNotDisabled) {
  EXPECT_EQ(post_json("/shares", share_body(std::string(32, '0'))).status, 404);
  post("/recipients/" + recipient + "/disable");
  EXPECT_EQ(post_json("/shares", share_body(recipient)).status, 409);
}

TEST_F(StaffShares, CreationIsOnRecordWithoutAnIdentifierInClear) {
  const std::string study = "2.25.314159265358979";
  store.put(tests::instance_key("KARTE-271828", study, "1.7.1", "1.7.1.1"), {});
  const auto created = create(
      "Scope", R"({"Level":"Study","Uids":[")" + study + R"("],"PatientID":"KARTE-271828"})");
  const auto entry = last_entry();
  EXPECT_EQ(entry["event"], "share.create");
  EXPECT_EQ(entry["share"], created.json["ID"]);
  EXPECT_EQ(entry["facts"]["profile"], "ps3.15-basic");
  EXPECT_EQ(entry["facts"]["permissions"], "view download");
  EXPECT_EQ(to_text(entry).find(study), std::string::npos);
  EXPECT_EQ(to_text(entry).find("KARTE"), std::string::npos);
}

TEST_F(StaffShares, NothingIsSharedThatCannotBePutOnRecord) {
  break_log();
  EXPECT_THROW(post_json("/shares", share_body(recipient)), audit::AuditError);
  EXPECT_TRUE(get("/shares").json["Shares"].empty());
}

TEST_F(StaffShares, AreListedPageByPageInEitherOrder) {
  const auto first = new_share(recipient);
  const auto second = new_share(recipient);
  const auto page = get("/shares", {{"limit", "1"}});
  EXPECT_EQ(ids_of(page), std::vector{first});
  ASSERT_EQ(page.json["Next"], first);
  const auto rest = get("/shares", {{"after", first}});
  EXPECT_EQ(ids_of(rest), std::vector{second});
  EXPECT_FALSE(rest.json.isMember("Next"));
  const auto newest = get("/shares", {{"limit", "1"}, {"order", "desc"}});
  EXPECT_EQ(ids_of(newest), std::vector{second});
  EXPECT_EQ(ids_of(get("/shares", {{"order", "desc"}, {"after", second}})), std::vector{first});
}

TEST_F(StaffShares, AreListedByWhenTheyWereMade) {
  const auto first = new_share(recipient);
  now += std::chrono::hours(1);
  const auto second = new_share(recipient);
  EXPECT_EQ(ids_of(get("/shares", {{"since", "2026-02-10T13:00:00Z"}})), std::vector{second});
  EXPECT_EQ(ids_of(get("/shares", {{"until", "2026-02-10T13:00:00Z"}})), std::vector{first});
}

TEST_F(StaffShares, AreListedByRecipientPatientAndStatus) {
  const auto mine = new_share(recipient);
  const auto dead = new_share(recipient);
  post("/shares/" + dead + "/revoke");
  const auto other = new_recipient("other");
  Json::Value body = share_body(other);
  body["Scope"] = Json::objectValue;
  body["Scope"]["Level"] = "Patient";
  body["Scope"]["PatientID"] = "P2";
  const auto theirs = post_json("/shares", body).json["ID"].asString();

  const auto listed = [&](Query query) { return ids_of(get("/shares", std::move(query))); };
  EXPECT_EQ(listed({{"recipient", recipient}}), (std::vector{mine, dead}));
  EXPECT_EQ(listed({{"recipient", recipient}, {"status", "live"}}), std::vector{mine});
  EXPECT_EQ(listed({{"status", "revoked"}}), std::vector{dead});
  EXPECT_EQ(listed({{"patient", "P2"}}), std::vector{theirs});
  EXPECT_TRUE(listed({{"recipient", std::string(32, '0')}}).empty());
}

TEST_F(StaffShares, RefuseWrongQueries) {
  for (const Query& query :
       {Query{{"status", "dead"}}, Query{{"recipient", "x"}}, Query{{"after", "x"}},
        Query{{"after", std::string(32, '0')}}, Query{{"since", std::string(32, '0')}},
        Query{{"order", "down"}}, Query{{"limit", "0"}}, Query{{"offset", "1"}}, Query{{"", ""}}}) {
    EXPECT_EQ(get("/shares", query).status, 400) << query[0].first << query[0].second;
  }
}

TEST_F(StaffShares, AreRevokedOnceWithTheReasonOnFile) {
  const std::string path = "/shares/" + new_share(recipient);
  const auto revoked = post(path + "/revoke", R"({"Reason":"sent to the wrong clinic"})");
  EXPECT_EQ(revoked.status, 200);
  EXPECT_EQ(revoked.json["Status"], "revoked");
  EXPECT_EQ(get(path).json["RevokeReason"], "sent to the wrong clinic");
  EXPECT_EQ(get(path).json["RevokedAt"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(last_entry()["event"], "share.revoke");
  const auto before = entries().size();
  EXPECT_EQ(post(path + "/revoke", R"({"Reason":"again"})").json, revoked.json);
  EXPECT_EQ(post(path + "/revoke", R"({"Why":"again"})").status, 400);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(get(path).json["RevokeReason"], "sent to the wrong clinic");
}

TEST_F(StaffShares, MayBeRevokedWithoutAReason) {
  EXPECT_EQ(post("/shares/" + new_share(recipient) + "/revoke", "").status, 200);
}

TEST_F(StaffShares, StayLiveWhereARevocationCannotBePutOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  break_log();
  EXPECT_THROW(post(path + "/revoke"), audit::AuditError);
  EXPECT_EQ(get(path).json["Status"], "live");
}

TEST_F(StaffShares, LoseTheirKeyForGoodAfterTheirEnd) {
  const std::string id = new_share(recipient);
  const std::string path = "/shares/" + id;
  const auto share = *sharing::ShareId::parse(id);
  post(path + "/revoke");
  EXPECT_FALSE(get(path).json.isMember("KeyDestroyedAt"));
  const auto answer = post(path + "/forget-key");
  EXPECT_EQ(answer.status, 200) << details(answer);
  EXPECT_EQ(answer.json["KeyDestroyedAt"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(get(path).json, answer.json);
  EXPECT_FALSE(shares.mask_key(share));
  EXPECT_EQ(forgotten, std::vector{share});
  const Json::Value entry = last_entry();
  EXPECT_EQ(entry["event"], "share.forget_key");
  EXPECT_EQ(entry["share"], id);
  EXPECT_EQ(entry["hashes"]["patient"].size(), 1U);
  EXPECT_EQ(entry["hashes"]["recipient"].size(), 1U);
  const auto before = entries().size();
  EXPECT_EQ(post(path + "/forget-key").json, answer.json);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffShares, LoseTheirKeyAfterTheirExpiry) {
  const std::string path = "/shares/" + new_share(recipient);
  now = at("2026-05-11T11:59:59Z");
  EXPECT_EQ(post(path + "/forget-key").status, 409);
  now = at("2026-05-11T12:00:00Z");
  EXPECT_EQ(post(path + "/forget-key").json["Status"], "expired");
}

TEST_F(StaffShares, KeepTheirKeyWhileTheyAreInUse) {
  const std::string id = new_share(recipient);
  const auto before = entries().size();
  EXPECT_EQ(post("/shares/" + id + "/forget-key").status, 409);
  EXPECT_EQ(post("/shares/" + id + "/forget-key", R"({"Reason":"x"})").status, 400);
  EXPECT_EQ(post("/shares/" + std::string(32, '0') + "/forget-key").status, 404);
  EXPECT_EQ(entries().size(), before);
  EXPECT_TRUE(shares.mask_key(*sharing::ShareId::parse(id)));
  EXPECT_TRUE(forgotten.empty());
}

TEST_F(StaffShares, KeepTheirKeyWhereItsEndCannotBePutOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  post(path + "/revoke");
  break_log();
  EXPECT_THROW(post(path + "/forget-key"), audit::AuditError);
  EXPECT_FALSE(get(path).json.isMember("KeyDestroyedAt"));
}

TEST_F(StaffShares, WithoutTheirKeyAreNotApprovedAnyMore) {
  const std::string path = "/shares/" + new_share(recipient);
  now = at("2026-06-01T00:00:00Z");
  post(path + "/forget-key");
  EXPECT_EQ(post(path + "/series/approve", R"({"SeriesInstanceUID": "1.1.1"})").status, 409);
}

TEST_F(StaffShares, KeepTheirKeysWhenTheyAreWrappedAnew) {
  const auto share = *sharing::ShareId::parse(new_share(recipient));
  const auto key = shares.mask_key(share);
  const auto wrapping = shares.wrapping_key_id();
  const auto answer = post("/mask-key/rotate");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json["Keys"], 1);
  EXPECT_NE(shares.wrapping_key_id(), wrapping);
  EXPECT_TRUE(core::equal_in_constant_time(key->view(), shares.mask_key(share)->view()));
  EXPECT_EQ(last_entry()["event"], "mask_key.rotate");
  EXPECT_EQ(last_entry()["facts"]["wrapping"], core::to_hex(wrapping));
  EXPECT_EQ(post("/mask-key/rotate", R"({"Force":true})").status, 400);
}

TEST_F(StaffShares, StayWrappedWhereARotationCannotBePutOnRecord) {
  const auto wrapping = shares.wrapping_key_id();
  break_log();
  EXPECT_THROW(post("/mask-key/rotate"), audit::AuditError);
  EXPECT_EQ(shares.wrapping_key_id(), wrapping);
}

TEST_F(StaffShares, UnknownOnesAre404) {
  for (const std::string& id : {std::string(32, '0'), std::string("not-an-id")}) {
    EXPECT_EQ(get("/shares/" + id).status, 404);
    EXPECT_EQ(post("/shares/" + id + "/revoke").status, 404);
  }
}

TEST_F(StaffShares, ApproveASeriesOnRecord) {
  const std::string path = "/shares/" + new_share(recipient) + "/series/approve";
  const auto approved = post(path, R"({"SeriesInstanceUID": "1.1.1"})");
  ASSERT_EQ(approved.status, 200) << details(approved);
  EXPECT_EQ(approved.json["ApprovedSeries"].size(), 1U);
  EXPECT_EQ(last_entry()["event"], "series.approve");
  const std::size_t before = entries().size();
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "1.1.1"})").json, approved.json);
  EXPECT_EQ(post(path, R"({"OrthancId": ")" + resource_id(tests::series_key("P1", "1.1", "1.1.1")) +
                           "\"}")
                .json,
            approved.json);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffShares, ApproveOnlyWhatIsInTheShare) {
  const std::string path = "/shares/" + new_share(recipient) + "/series/approve";
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "1.9.9"})").status, 404);
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "1.5.1", "PatientID": "P1"})").status, 404);
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "x"})").status, 400);
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "1.1.1", "Why": "x"})").status, 400);
  EXPECT_EQ(post(path, "{}").status, 400);
  EXPECT_EQ(post("/shares/00000000000000000000000000000000/series/approve",
                 R"({"SeriesInstanceUID": "1.1.1"})")
                .status,
            404);
}

TEST_F(StaffShares, AreFoundByAStudyWhateverTheirLevel) {
  const auto of = [&](const std::string& scope) { return create("Scope", scope).json["ID"]; };
  const auto patient = of(R"({"Level":"Patient","PatientID":"P1"})");
  const auto series = of(R"({"Level":"Series","Uids":["1.1.1"]})");
  const auto other = of(R"({"Level":"Study","Uids":["1.5"],"PatientID":"P2"})");
  const auto found = [&](const std::string& study) {
    std::vector<Json::Value> ids;
    const auto answer = get("/shares", {{"study", study}});  // outlives the loop
    for (const auto& share : answer.json["Shares"]) {
      ids.push_back(share["ID"]);
    }
    return ids;
  };
  EXPECT_EQ(found("1.1"), (std::vector{patient, series}));
  EXPECT_EQ(found("1.5"), (std::vector{patient, other}));
  EXPECT_TRUE(found("1.9").empty());
  EXPECT_EQ(get("/shares", {{"study", "x"}}).status, 400);
}

TEST_F(StaffShares, TakeApprovalsBackOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  const std::string withdraw = path + "/series/withdraw";
  EXPECT_EQ(post(withdraw, R"({"SeriesInstanceUID": "1.1.1"})").status, 404);
  post(path + "/series/approve", R"({"SeriesInstanceUID": "1.1.1"})");
  EXPECT_EQ(post(withdraw, R"({"SeriesInstanceUID": "1.1.1", "PatientID": "P2"})").status, 404);
  EXPECT_EQ(post(withdraw, R"({"SeriesInstanceUID": "x"})").status, 400);
  const auto withdrawn =
      post(withdraw, R"({"SeriesInstanceUID": "1.1.1", "Reason": "氏名が写っている"})");
  ASSERT_EQ(withdrawn.status, 200) << details(withdrawn);
  EXPECT_FALSE(withdrawn.json.isMember("ApprovedSeries"));
  EXPECT_EQ(last_entry()["event"], "series.withdraw");
  EXPECT_EQ(last_entry()["hashes"]["series"].size(), 1U);
  EXPECT_EQ(get("/audit", {{"event", "series.withdraw"}}).json["Entries"][0]["Purpose"],
            "氏名が写っている");
  EXPECT_EQ(post(path + "/series/approve", R"({"SeriesInstanceUID": "1.1.1"})").status, 200);
  EXPECT_EQ(post(withdraw, R"({"OrthancId": ")" +
                               resource_id(tests::series_key("P1", "1.1", "1.1.1")) + "\"}")
                .status,
            200);
}

TEST_F(StaffShares, KeepAnApprovalOfWhichTheWithdrawalCannotBePutOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  post(path + "/series/approve", R"({"SeriesInstanceUID": "1.1.1"})");
  break_log();
  EXPECT_THROW(post(path + "/series/withdraw", R"({"SeriesInstanceUID": "1.1.1"})"),
               audit::AuditError);
  EXPECT_EQ(get(path).json["ApprovedSeries"].size(), 1U);
}

TEST_F(StaffShares, ApproveNothingThatCannotBePutOnRecord) {
  const std::string id = new_share(recipient);
  break_log();
  EXPECT_THROW(post("/shares/" + id + "/series/approve", R"({"SeriesInstanceUID": "1.1.1"})"),
               audit::AuditError);
  EXPECT_TRUE(shares.find(*sharing::ShareId::parse(id))->approved_series.empty());
}

}  // namespace
}  // namespace sekisho::staff
