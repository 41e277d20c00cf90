// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/api.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "api_fixture.h"
#include "staff/routes.h"

namespace sekisho::staff {
namespace {

TEST_F(StaffApiTest, AnswersItsStatus) {
  const auto status = get("/status");
  EXPECT_EQ(status.status, 200);
  EXPECT_EQ(status.json["Version"], SEKISHO_VERSION);
}

TEST_F(StaffApiTest, NamesTheProfilesAndTheDefault) {
  const auto profiles = get("/profiles");
  EXPECT_EQ(profiles.status, 200);
  std::vector<std::string> names;
  for (const auto& profile : profiles.json["Profiles"]) names.push_back(profile["Name"].asString());
  EXPECT_EQ(names, (std::vector<std::string>{"none", "patient-fields", "minimum-disclosure",
                                             "ps3.15-basic"}));
  const auto& basic = profiles.json["Profiles"][3];
  EXPECT_EQ(basic["Options"].size(), 11U);
  EXPECT_FALSE(basic["Title"]["ja"].asString().empty());
  EXPECT_EQ(basic["Statement"]["DeidentificationMethodCodes"][0], "113100");
  EXPECT_FALSE(profiles.json["Profiles"][0].isMember("Statement"));
  EXPECT_EQ(profiles.json["Default"], "ps3.15-basic");
}

/// The rule of a profile for a keyword.
Json::Value rule_in(const Json::Value& profile, const std::string& keyword) {
  for (const auto& rule : profile["Rules"]) {
    if (rule["Keyword"] == keyword) return rule;
  }
  return {};
}

TEST_F(StaffApiTest, ShowsEveryRuleOfAProfileWithItsSource) {
  const auto basic = get("/profiles/ps3.15-basic");
  ASSERT_EQ(basic.status, 200);
  EXPECT_GT(basic.json["Rules"].size(), 4000U);
  EXPECT_EQ(to_text(rule_in(basic.json, "PatientAge")),
            R"({"Action":"remove","Keyword":"PatientAge","Source":"PS3.15 Table E.1-1: X",)"
            R"("Tag":"00101010","VR":"AS"})");
  EXPECT_EQ(rule_in(basic.json, "TargetFrameOfReferenceUID")["Source"],
            "our decision: a UID of an instance, an event or what they share: replaced");
  EXPECT_EQ(rule_in(basic.json, "Manufacturer")["Source"],
            "our decision: text that equipment writes, or a product has");
  EXPECT_EQ(rule_in(basic.json, "PatientName")["Source"].asString().find("our decision: "), 0U);
  for (const auto& rule : basic.json["Rules"]) EXPECT_FALSE(rule["Source"].asString().empty());
  EXPECT_EQ(get("/profiles/none").json["Rules"].size(), 0U);
}

TEST_F(StaffApiTest, ShowsAProfileWithWhatItIsAskedFor) {
  const auto basic = call(Verb::get, "/profiles/ps3.15-basic", "",
                          {{"options",
                            "RetainPatientCharacteristics,RetainSafePrivate,"
                            "CleanStructuredContent"}});
  ASSERT_EQ(basic.status, 200);
  EXPECT_EQ(rule_in(basic.json, "PatientAge")["Action"], "cap-age");
  EXPECT_EQ(rule_in(basic.json, "PatientAge")["Source"],
            "PS3.15 Table E.1-1: Retain Patient Characteristics Option K");
  EXPECT_EQ(basic.json["PrivateRules"][0]["Tag"], "00E1xx21");
  EXPECT_EQ(basic.json["PrivateRules"][0]["Source"], "PS3.15 Table E.3.10-1");
  EXPECT_GT(basic.json["ContentRules"].size(), 200U);
  for (const Json::Value& rule : basic.json["ContentRules"]) EXPECT_NE(rule["Source"], "");
  const auto minimum = call(Verb::get, "/profiles/minimum-disclosure", "",
                            {{"modalities", "CT,MR"}, {"fields", "PatientName"}});
  EXPECT_EQ(to_text(minimum.json["Modalities"]), R"(["CT","MR"])");
  EXPECT_EQ(rule_in(minimum.json, "PatientName")["Action"], "dummy");
}

TEST_F(StaffApiTest, ProfilesThatDoNotExistAre404AndWrongOptions400) {
  EXPECT_EQ(get("/profiles/teaching").status, 404);
  EXPECT_EQ(call(Verb::get, "/profiles/ps3.15-basic", "", {{"options", "RetainAll"}}).status, 400);
  EXPECT_EQ(call(Verb::get, "/profiles/none", "", {{"options", "RetainUids"}}).status, 400);
  EXPECT_EQ(call(Verb::get, "/profiles/ps3.15-basic", "", {{"option", "x"}}).status, 400);
}

TEST_F(StaffApiTest, WhatIsNotListedIs404) {
  for (const char* path : {"", "/", "//", "/nothing", "/status/", "/status/x", "status", "/Status",
                           "/recipients/../shares/x", "/shares/x/y/z", "/recipients//tokens/"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST_F(StaffApiTest, WrongMethodsAreToldTheRightOnes) {
  const auto answer = call(Verb::erase, "/recipients");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.allow, "GET, POST");
  EXPECT_EQ(call(Verb::put, "/shares/" + std::string(32, '0')).allow, "GET");
  EXPECT_EQ(call(Verb::get, "/shares/x/revoke").allow, "POST");
}

TEST_F(StaffApiTest, BodiesThatAreNoJsonObjectAre400) {
  for (const std::string& body : {std::string("{"), std::string("[]"), std::string("null"),
                                  std::string("{\"Name\": \"\xff\"}"), std::string(100000, '['),
                                  std::string(R"({"Name":"a","Name":"b"})")}) {
    const auto answer = post("/recipients", body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 40);
    EXPECT_EQ(answer.json["Details"].size(), 1U);
  }
}

TEST_F(StaffApiTest, BodiesOverAMegabyteAre413) {
  std::string body = R"({"Name":")" + std::string((1 << 20) - 11, 'a') + "\"}";
  ASSERT_EQ(body.size(), 1U << 20);
  EXPECT_EQ(post("/recipients", body).status, 400);
  EXPECT_EQ(post("/recipients", body + " ").status, 413);
}

TEST_F(StaffApiTest, QueriesWhereNoneBelongAre400) {
  EXPECT_EQ(get("/status", {{"verbose", "1"}}).status, 400);
}

TEST_F(StaffApiTest, KeysThatAreNoUnicodeAreNotRepeated) {
  EXPECT_EQ(post("/recipients", R"({"\udc00":1})").status, 400);
}

/// "GET /shares" → what stands in the query, as docs/openapi.yaml has it. Reads the one style in
/// which that file is written; that it is OpenAPI is the linter's to say.
std::map<std::string, std::set<std::string>> described_operations() {
  std::ifstream file(SEKISHO_SOURCE_DIR "/docs/openapi.yaml");
  EXPECT_TRUE(file) << "docs/openapi.yaml cannot be read";
  std::map<std::string, std::set<std::string>> operations;
  std::string path;
  std::string operation;
  bool in_paths = false;
  for (std::string line; std::getline(file, line);) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == 0 && line.front() != '#') in_paths = line == "paths:";
    if (!in_paths || indent == std::string::npos) continue;
    const std::string text = line.substr(indent);
    constexpr std::string_view kQueryParameter = "- $ref: '#/components/parameters/query_";
    if (indent == 2 && text.starts_with('/')) {
      path = text.substr(0, text.size() - 1);
    } else if (indent == 4 && text == "servers:") {
      path.clear();  // not below /sekisho/api
    } else if (indent == 4 && text != "parameters:" && !path.empty()) {
      operation = text.substr(0, text.size() - 1);
      std::transform(operation.begin(), operation.end(), operation.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      operation += ' ' + path;
      operations[operation];
    } else if (text.starts_with(kQueryParameter)) {
      const auto name = text.substr(kQueryParameter.size());
      operations[operation].insert(name.substr(0, name.size() - 1));
    }
  }
  return operations;
}

TEST(OpenApiDescription, HasExactlyTheRoutesAndQueriesOfTheTable) {
  const std::map<Verb, std::string> verbs = {
      {Verb::get, "GET"}, {Verb::post, "POST"}, {Verb::put, "PUT"}, {Verb::erase, "DELETE"}};
  std::map<std::string, std::set<std::string>> routes;
  for (const Route& route : kRoutes) {
    auto& query = routes[verbs.at(route.verb) + ' ' + std::string(route.path)];
    std::istringstream names{std::string(route.query)};
    for (std::string name; names >> name;) query.insert(name);
  }
  EXPECT_EQ(routes.size(), std::size(kRoutes)) << "a route stands in the table twice";
  EXPECT_EQ(described_operations(), routes);
}

}  // namespace
}  // namespace sekisho::staff
