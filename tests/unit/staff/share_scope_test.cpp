// SPDX-License-Identifier: GPL-3.0-or-later
#include "shares_fixture.h"
#include "staff/scope.h"

namespace sekisho::staff {
namespace {

using tests::study_key;

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

}  // namespace
}  // namespace sekisho::staff
