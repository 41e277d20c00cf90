// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/keeping.h"

#include "api_fixture.h"

namespace sekisho::staff {
namespace {

class StaffKeeping : public StaffApiTest {
 protected:
  void transfer(const std::string& patient) {
    audit::Event event;
    event.code = audit::EventCode::transfer_begin;
    event.objects = {{patient, "1.1", "", ""}};
    log.append(event);
  }
  static constexpr const char* kOfP1 = R"({"PatientID":"PATIENT-1001","Case":"court/7"})";
};

TEST_F(StaffKeeping, SetsListsAndEndsAHold) {
  transfer("PATIENT-1001");
  transfer("PATIENT-1001");
  const Answer set = post("/audit/holds", kOfP1);
  EXPECT_EQ(set.status, 200);
  EXPECT_EQ(set.json["Entries"].asInt(), 2);
  EXPECT_EQ(last_entry()["event"].asString(), "hold.set");
  EXPECT_EQ(last_entry()["facts"]["case"].asString(), "court/7");
  EXPECT_EQ(to_text(last_entry()).find("PATIENT-1001"), std::string::npos);
  const Answer holds = get("/audit/holds");
  ASSERT_EQ(holds.json["Holds"].size(), 1U);
  EXPECT_EQ(holds.json["Holds"][0]["PatientID"].asString(), "PATIENT-1001");
  EXPECT_EQ(holds.json["Holds"][0]["Case"].asString(), "court/7");
  EXPECT_EQ(post("/audit/holds", kOfP1).status, 409);
  EXPECT_EQ(post("/audit/holds/end", kOfP1).status, 200);
  EXPECT_EQ(post("/audit/holds/end", kOfP1).status, 404);
  EXPECT_EQ(get("/audit/holds").json["Holds"].size(), 0U);
}

TEST_F(StaffKeeping, ListsHoldsPageByPageInEitherOrder) {
  for (const char* patient : {"P1", "P2", "P3"}) {
    post("/audit/holds",
         R"({"PatientID":")" + std::string(patient) + R"(","Case":"1","EvenIfNone":true})");
    now += std::chrono::hours(1);
  }
  const auto patients = [](const Answer& answer) {
    std::string all;
    for (const Json::Value& hold : answer.json["Holds"]) all += hold["PatientID"].asString() + ' ';
    return all;
  };
  const Answer page = get("/audit/holds", {{"limit", "2"}});
  EXPECT_EQ(patients(page), "P1 P2 ");
  const std::string next = page.json["Next"].asString();
  const Answer rest = get("/audit/holds", {{"limit", "2"}, {"after", next}});
  EXPECT_EQ(patients(rest), "P3 ");
  EXPECT_FALSE(rest.json.isMember("Next"));
  EXPECT_EQ(patients(get("/audit/holds", {{"order", "desc"}})), "P3 P2 P1 ");
  EXPECT_EQ(patients(get("/audit/holds", {{"order", "desc"}, {"after", next}})), "P1 ");
  EXPECT_EQ(patients(get("/audit/holds",
                         {{"since", "2026-02-10T13:00:00Z"}, {"until", "2026-02-10T14:00:00Z"}})),
            "P2 ");
  EXPECT_EQ(get("/audit/holds", {{"after", "x"}}).status, 400);
}

TEST_F(StaffKeeping, AsksBeforeItHoldsAPatientOfWhomTheLogKnowsNothing) {
  transfer("PATIENT-1001");
  const std::string mistyped = R"({"PatientID":"PATIENT-1010","Case":"1")";
  const auto before = entries().size();
  const Answer refused = post("/audit/holds", mistyped + "}");
  EXPECT_EQ(refused.status, 404);
  EXPECT_NE(details(refused).find("EvenIfNone"), std::string::npos);
  EXPECT_EQ(post("/audit/holds", mistyped + R"(,"EvenIfNone":false})").status, 404);
  EXPECT_EQ(post("/audit/holds", mistyped + R"(,"EvenIfNone":"yes"})").status, 400);
  EXPECT_EQ(entries().size(), before);
  const Answer meant = post("/audit/holds", mistyped + R"(,"EvenIfNone":true})");
  EXPECT_EQ(meant.status, 200);
  EXPECT_EQ(meant.json["Entries"].asInt(), 0);
}

TEST_F(StaffKeeping, ReadingHoldsIsOnRecord) {
  get("/audit/holds");
  EXPECT_EQ(last_entry()["event"].asString(), "log.read");
}

TEST_F(StaffKeeping, ShredsTheTextAboutAPatientWhoIsNotHeld) {
  transfer("PATIENT-1001");
  post("/audit/holds", kOfP1);
  EXPECT_EQ(post("/audit/shred", kOfP1).status, 409);
  post("/audit/holds/end", kOfP1);
  EXPECT_EQ(post("/audit/shred", kOfP1).status, 200);
  const Answer history = get("/audit", {{"patient", "PATIENT-1001"}, {"event", "transfer.begin"}});
  ASSERT_EQ(history.json["Entries"].size(), 1U) << "that there was an access stays";
  EXPECT_FALSE(history.json["Entries"][0].isMember("Objects"));
  EXPECT_EQ(post("/audit/shred", R"({"PatientID":"P9","Case":"1"})").status, 404);
}

TEST_F(StaffKeeping, RefusesWhatIsNoRequest) {
  for (const char* body :
       {"{}", R"({"PatientID":"P1"})", R"({"Case":"1"})", R"({"PatientID":"","Case":"1"})",
        R"({"PatientID":"P1","Recipient":"a1b2c3d4e5f60718293a4b5c6d7e8f90","Case":"1"})",
        R"({"PatientID":"P1","Case":"Yamada Taro"})", R"({"Recipient":"x","Case":"1"})",
        R"({"PatientID":"P1","Case":"1","More":1})"}) {
    for (const char* path : {"/audit/holds", "/audit/holds/end", "/audit/shred"}) {
      EXPECT_EQ(post(path, body).status, 400) << path << ' ' << body;
    }
  }
  EXPECT_EQ(post("/audit/prune", R"({"Years":4})").status, 400) << "less than the floor";
  EXPECT_EQ(post("/audit/prune", R"({"Days":4})").status, 400);
}

TEST_F(StaffKeeping, PrunesNothingWithoutWitnesses) {
  transfer("P1");
  EXPECT_EQ(post("/audit/prune").status, 409);
  EXPECT_EQ(entries().size(), 2U);
}

TEST_F(StaffKeeping, PrunesWhatWitnessesHaveSeenLongAgo) {
  for (int i = 0; i < 300; ++i) transfer("P1");
  const audit::Cosigner witness("w.example/w", core::Bytes(32, 7));
  options.witnesses = AgeWitnesses{.keys = {witness.verifier()}, .quorum = 1};
  EXPECT_EQ(post("/audit/prune").json["Removed"].asInt(), 0) << "nobody has seen anything yet";

  audit::WitnessTimes times(place.witness_times);
  const auto see = [&](std::chrono::sys_seconds time) {
    const std::string note = log.head().checkpoint;
    const auto text = std::string(audit::signed_text(note));
    times.keep(note + witness.cosign(text, time), time);
  };
  const auto long_ago = std::chrono::sys_days(std::chrono::year{2026} / 2 / 10);
  see(long_ago);
  EXPECT_EQ(post("/audit/prune").json["Removed"].asInt(), 0) << "no witness has seen time pass";
  transfer("P1");
  see(long_ago + std::chrono::days(7 * 365 + 3));
  const Answer answer = post("/audit/prune");
  EXPECT_EQ(answer.json["Removed"].asInt(), 255);
  EXPECT_EQ(answer.json["Before"].asInt(), 256);
  EXPECT_TRUE(answer.json["Finished"].asBool());
  EXPECT_EQ(last_entry()["event"].asString(), "log.prune");
  EXPECT_EQ(last_entry()["facts"]["removed"].asString(), "255");
}

}  // namespace
}  // namespace sekisho::staff
