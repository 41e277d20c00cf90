// SPDX-License-Identifier: GPL-3.0-or-later
#include "shares_fixture.h"

namespace sekisho::staff {
namespace {

/// With two people of the recipient.
class StaffSharesOfPeople : public StaffShares {
 protected:
  std::string new_person(const std::string& login) {
    return post("/recipients/" + recipient + "/people",
                R"({"Login":")" + login + R"(","Name":"Dr. X"})")
        .json["ID"]
        .asString();
  }
  Json::Value body_for(const std::string& person) {
    return body_with("Person", '"' + person + '"');
  }
  Answer share_with(const std::string& person) { return post_json("/shares", body_for(person)); }

  std::string sato = new_person("sato");
  std::string suzuki = new_person("suzuki");
};

TEST_F(StaffSharesOfPeople, SayForWhomTheyAre) {
  const Answer made = share_with(sato);
  ASSERT_EQ(made.status, 201) << details(made);
  EXPECT_EQ(made.json["Person"], sato);
  EXPECT_EQ(made.json["Assurance"], "password");
  EXPECT_EQ(stored(made).person, sato);
  EXPECT_EQ(last_entry()["facts"]["person"], sato);
  share_with(suzuki);
  EXPECT_EQ(ids_of(get("/shares", {{"person", sato}})), std::vector{made.json["ID"].asString()});
  EXPECT_EQ(get("/shares", {{"person", "sato"}}).status, 400);
  EXPECT_FALSE(create("Purpose", R"("x")").json.isMember("Person"));
}

TEST_F(StaffSharesOfPeople, AreForPeopleOfTheirRecipientWhoAreNotDisabled) {
  const auto before = entries().size();
  EXPECT_EQ(share_with(std::string(32, '0')).status, 404);
  EXPECT_EQ(share_with("sato").status, 400);
  const std::string elsewhere = new_recipient("Hayashi Clinic");
  Json::Value body = body_for(sato);
  body["Recipient"] = elsewhere;
  EXPECT_EQ(post_json("/shares", body).status, 404);
  EXPECT_EQ(entries().size(), before + 1) << "the clinic alone";
  post("/recipients/" + recipient + "/people/" + sato + "/disable");
  EXPECT_EQ(share_with(sato).status, 409);
  EXPECT_EQ(share_with(suzuki).status, 201);
}

TEST_F(StaffSharesOfPeople, TellThatTheirPersonIsDisabled) {
  const Answer made = share_with(sato);
  const std::string path = "/shares/" + made.json["ID"].asString();
  EXPECT_FALSE(made.json.isMember("PersonDisabledAt"));
  const std::string person = "/recipients/" + recipient + "/people/" + sato;
  post(person + "/disable");
  EXPECT_EQ(get(path).json["PersonDisabledAt"], get(person).json["DisabledAt"]);
  EXPECT_TRUE(get("/shares").json["Shares"][0].isMember("PersonDisabledAt"));
  post(person + "/enable");
  EXPECT_FALSE(get(path).json.isMember("PersonDisabledAt"));
}

TEST_F(StaffSharesOfPeople, AskForMoreThanALink) {
  Json::Value body = body_for(sato);
  body["Assurance"] = "link";
  const Answer refused = post_json("/shares", body);
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(details(refused).find("Assurance"), std::string::npos);
  body["Assurance"] = "password+totp";
  const Answer made = post_json("/shares", body);
  EXPECT_EQ(made.status, 201);
  EXPECT_FALSE(made.json.isMember("LinkToken"));
}

TEST_F(StaffSharesOfPeople, EndAllAtOnceWithAReasonAndAnEntryForEach) {
  const std::string base = "/recipients/" + recipient;
  const std::string first = share_with(sato).json["ID"].asString();
  const std::string second = share_with(sato).json["ID"].asString();
  const std::string other = share_with(suzuki).json["ID"].asString();
  const std::string path = base + "/people/" + sato + "/revoke-shares";
  EXPECT_EQ(post(path).status, 400) << "without a reason";
  EXPECT_EQ(
      post(base + "/people/" + std::string(32, '0') + "/revoke-shares", R"({"Reason":"x"})").status,
      404);
  const auto before = entries().size();
  const Answer answer = post(path, R"({"Reason":"lost tablet"})");
  ASSERT_EQ(answer.status, 200) << details(answer);
  EXPECT_EQ(to_text(answer.json), R"({"Revoked":[")" + first + R"(",")" + second + "\"]}");
  EXPECT_EQ(entries().size(), before + 2);
  EXPECT_EQ(last_entry()["event"], "share.revoke");
  EXPECT_EQ(last_entry()["share"], second);
  EXPECT_EQ(last_entry()["facts"]["cause"], "person");
  EXPECT_EQ(get("/shares/" + first).json["RevokeReason"], "lost tablet");
  EXPECT_EQ(get("/shares/" + other).json["Status"], "live");
  EXPECT_TRUE(post(path, R"({"Reason":"again"})").json["Revoked"].empty());
  EXPECT_EQ(entries().size(), before + 2);
  EXPECT_EQ(post(base + "/revoke-shares", R"({"Reason":"clinic closed"})").json["Revoked"][0],
            other);
  EXPECT_EQ(last_entry()["facts"]["cause"], "recipient");
}

TEST_F(StaffSharesOfPeople, EndByPatientWhoeverHasThem) {
  const std::string mine = new_share(recipient);
  const std::string others = new_share(new_recipient("Hayashi Clinic"));
  const std::string second =
      create("Scope", R"({"Level":"Study","Uids":["1.5"],"PatientID":"P2"})").json["ID"].asString();
  const std::string path = "/patients/revoke-shares";
  EXPECT_EQ(post(path, R"({"Reason":"x"})").status, 400);
  EXPECT_EQ(post(path, R"({"PatientID":"P1"})").status, 400);
  EXPECT_TRUE(post(path, R"({"PatientID":"P9","Reason":"x"})").json["Revoked"].empty());
  const Answer answer = post(path, R"({"PatientID":"P1","Reason":"consent withdrawn"})");
  EXPECT_EQ(to_text(answer.json), R"({"Revoked":[")" + mine + R"(",")" + others + "\"]}");
  EXPECT_EQ(last_entry()["facts"]["cause"], "patient");
  EXPECT_EQ(to_text(last_entry()).find("consent withdrawn"), std::string::npos);
  EXPECT_EQ(get("/shares/" + second).json["Status"], "live");
}

TEST_F(StaffSharesOfPeople, EndAllHoweverManyThereAre) {
  constexpr std::size_t kMany = 101;
  const auto clinic = *recipients.find(*sharing::RecipientId::parse(recipient));
  for (std::size_t i = 0; i < kMany; ++i) shares.insert(tests::a_share(clinic.id));
  const auto before = entries().size();
  const Answer answer =
      post("/recipients/" + recipient + "/revoke-shares", R"({"Reason":"clinic closed"})");
  EXPECT_EQ(answer.json["Revoked"].size(), kMany);
  EXPECT_EQ(entries().size(), before + kMany);
  EXPECT_TRUE(get("/shares", {{"status", "live"}}).json["Shares"].empty());
}

TEST_F(StaffSharesOfPeople, StayWhereTheirEndCannotBePutOnRecord) {
  const std::string id = share_with(sato).json["ID"].asString();
  break_log();
  EXPECT_THROW(post("/patients/revoke-shares", R"({"PatientID":"P1","Reason":"x"})"),
               audit::AuditError);
  EXPECT_EQ(get("/shares/" + id).json["Status"], "live");
}

}  // namespace
}  // namespace sekisho::staff
