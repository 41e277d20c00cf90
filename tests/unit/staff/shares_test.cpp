// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/shares.h"

#include "anonymization/profiles/profile.h"
#include "shares_fixture.h"
#include "sharing/bearer.h"

namespace sekisho::staff {
namespace {

using tests::at;
using tests::study_key;

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
  const auto profile = anonymization::Profile::from_json(share.profile_json.str());
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
  for (const char* once : {"Link", "HowToOpen", "LookAlikes"}) created.json.removeMember(once);
  EXPECT_EQ(get("/shares/" + created.json["ID"].asString()).json, created.json);
  EXPECT_EQ(get("/shares").json["Shares"][0], created.json);
  EXPECT_EQ(to_text(created.json["Scope"]), R"({"Level":"Study","PatientID":"P1","Uids":["1.1"]})");
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

TEST_F(StaffShares, DemandAnyAssuranceThatThereIs) {
  for (const std::string level : {"link", "password", "password+totp", "certificate"}) {
    const auto made = create("Assurance", '"' + level + '"');
    EXPECT_EQ(made.status, 201) << details(made);
    EXPECT_EQ(made.json["Assurance"], level);
  }
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

TEST_F(StaffShares, UnknownOnesAre404) {
  for (const std::string& id : {std::string(32, '0'), std::string("not-an-id")}) {
    EXPECT_EQ(get("/shares/" + id).status, 404);
    EXPECT_EQ(post("/shares/" + id + "/revoke").status, 404);
  }
}

}  // namespace
}  // namespace sekisho::staff
