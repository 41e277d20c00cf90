// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/system_state.h"

#include <gtest/gtest.h>

#include "staff/json.h"
#include "support/sharing_builders.h"

namespace sekisho::staff {
namespace {

SystemState all_well() {
  SystemState state;
  state.door = {.open = true, .tls_port = 443, .plain_port = 8080, .connections = 3, .trouble = ""};
  state.log = {.origin = "h.example/sekisho", .size = 7, .root = {}, .anchored = true};
  return state;
}

TEST(SystemState, SaysWhyNothingWorks) {
  SystemState state;
  state.trouble = "Orthanc is starting.";
  const Json::Value json = to_json(state);
  EXPECT_EQ(json["Version"], SEKISHO_VERSION);
  EXPECT_EQ(to_text(json["Doors"]), R"({"Gateway":{"Open":false}})");
  EXPECT_EQ(to_text(json["Database"]), R"({"Open":false})");
  EXPECT_EQ(to_text(json["Log"]), R"({"Open":false})");
  EXPECT_EQ(to_text(json["Problems"]), R"(["Orthanc is starting."])");
}

TEST(SystemState, TellsOfDoorAndLogAndOfNoProblemWhileAllIsWell) {
  const Json::Value json = to_json(all_well());
  EXPECT_EQ(to_text(json["Doors"]["Gateway"]),
            R"({"Connections":3,"Open":true,"PlainPort":8080,"TlsPort":443})");
  EXPECT_EQ(json["Database"]["Open"], true);
  EXPECT_EQ(to_text(json["Log"]),
            R"({"Anchored":true,"Condition":"sound","Open":true,"Origin":"h.example/sekisho",)"
            R"("Root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
            R"("Size":7})");
  EXPECT_EQ(json["Problems"].size(), 0U);
  EXPECT_TRUE(json["Problems"].isArray());
  EXPECT_FALSE(json.isMember("AuditRepository"));
  EXPECT_FALSE(json.isMember("Witnesses"));
}

TEST(SystemState, NamesAShutDoorAndABrokenLog) {
  SystemState state = all_well();
  state.door = {.trouble = "the address is not there"};
  state.log->broken = "the disk failed";
  state.log->condition = audit::Condition::broken;
  const auto problems = problems_of(state);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0], "The recipient door is shut: the address is not there");
  EXPECT_NE(problems[1].find("the disk failed"), std::string::npos);
  EXPECT_NE(problems[1].find("Orthanc restarted"), std::string::npos);
  EXPECT_EQ(to_json(state)["Log"]["Open"], false);
}

TEST(SystemState, AsksForNoRestartWhereTheDiskUnderTheLogIsFull) {
  SystemState state = all_well();
  state.log->broken = "the disk is full";
  for (const auto& [condition, name] :
       {std::pair(audit::Condition::saving, "saving"), std::pair(audit::Condition::full, "full")}) {
    state.log->condition = condition;
    ASSERT_EQ(problems_of(state).size(), 1U);
    EXPECT_NE(problems_of(state).front().find("by itself"), std::string::npos);
    EXPECT_EQ(to_json(state)["Log"]["Condition"], name);
    EXPECT_EQ(to_json(state)["Log"]["Open"], false);
  }
}

TEST(SystemState, TellsThatTheLogHasNoReserveAndThatWhatArrivesLiesElsewhere) {
  SystemState state = all_well();
  state.log->lacks_reserve = true;
  state.spool_trouble = "The directory cannot be made.";
  const auto problems = problems_of(state);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_NE(problems[0].find("AuditReserveMegabytes"), std::string::npos);
  EXPECT_EQ(problems[1], state.spool_trouble);
  EXPECT_EQ(to_json(state)["Log"]["Open"], true);
}

TEST(SystemState, TellsHowFarTheAuditRepositoryIs) {
  SystemState state = all_well();
  state.repository = {.delivered = 5, .behind = 2, .last_delivery = {}, .trouble = "no answer"};
  EXPECT_EQ(to_text(to_json(state)["AuditRepository"]),
            R"({"Behind":2,"Delivered":5,"Trouble":"no answer"})");
  EXPECT_EQ(problems_of(state), std::vector<std::string>{"Audit repository: no answer"});
  state.repository->last_delivery = tests::at("2026-02-10T12:00:00Z");
  state.repository->trouble.clear();
  EXPECT_EQ(to_json(state)["AuditRepository"]["LastDelivery"], "2026-02-10T12:00:00Z");
  EXPECT_TRUE(problems_of(state).empty());
}

TEST(SystemState, TellsOfEachWitnessAndOfWhatIsWrongWithThem) {
  const auto noon =
      std::chrono::sys_days(std::chrono::year{2026} / 2 / 10) + std::chrono::hours(12);
  SystemState state = all_well();
  state.witnesses = {.size = 6,
                     .time = noon,
                     .overdue = false,
                     .keeps = true,
                     .members = {{"a.example", noon, {}}},
                     .file_troubles = {}};
  EXPECT_EQ(to_text(to_json(state)["Witnesses"]),
            R"({"Members":[{"CosignedAt":"2026-02-10T12:00:00Z","Name":"a.example"}],)"
            R"("Overdue":false,"Size":6,"WitnessedAt":"2026-02-10T12:00:00Z"})");
  EXPECT_TRUE(problems_of(state).empty());

  state.witnesses = {.overdue = true,
                     .keeps = false,
                     .members = {{"b.example", {}, audit::WitnessProblem::unreachable}},
                     .file_troubles = {"A file cannot be read."}};
  EXPECT_EQ(to_json(state)["Witnesses"]["Members"][0]["Problem"],
            std::string(explain(audit::WitnessProblem::unreachable)));
  const auto problems = problems_of(state);
  ASSERT_EQ(problems.size(), 4U);
  EXPECT_TRUE(problems[0].starts_with("The witness b.example ")) << problems[0];
  EXPECT_EQ(problems[1], "The access log is unwitnessed for too long.");
  EXPECT_NE(problems[2].find("cannot be written"), std::string::npos);
  EXPECT_EQ(problems[3], "A file cannot be read.");
}

TEST(SystemState, TellsOfAuthoritiesOfClientsAndOfWhatIsWrongWithThem) {
  SystemState state = all_well();
  EXPECT_FALSE(to_json(state).isMember("ClientAuthorities"));
  ClientAuthorityState region{"CN=Region", {}, tests::at("2027-01-01T00:00:00Z"), std::nullopt};
  region.key.fill(0xab);
  state.authorities = ClientAuthoritiesState{{region}, {"No list."}};
  Json::Value json = to_json(state);
  EXPECT_EQ(json["ClientAuthorities"][0]["Name"], "CN=Region");
  EXPECT_EQ(json["ClientAuthorities"][0]["Key"].asString().substr(0, 4), "abab");
  EXPECT_EQ(json["ClientAuthorities"][0]["NotAfter"], "2027-01-01T00:00:00Z");
  EXPECT_FALSE(json["ClientAuthorities"][0].isMember("RevocationListUntil"));
  EXPECT_EQ(json["Problems"][0], "No list.");
  state.authorities->members[0].lists_until = tests::at("2026-03-01T00:00:00Z");
  json = to_json(state);
  EXPECT_EQ(json["ClientAuthorities"][0]["RevocationListUntil"], "2026-03-01T00:00:00Z");
}

}  // namespace
}  // namespace sekisho::staff
