// SPDX-License-Identifier: GPL-3.0-or-later
#include "shares_fixture.h"

namespace sekisho::staff {
namespace {

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
  // The plus of "+09:00" was not encoded, and has become a space.
  EXPECT_EQ(ids_of(get("/shares", {{"since", "2026-02-10T22:00:00 09:00"}})), std::vector{second});
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
  EXPECT_EQ(get("/shares", {{"study", "not a uid"}}).status, 400);
}

TEST_F(StaffShares, RefuseWrongQueries) {
  for (const Query& query :
       {Query{{"status", "dead"}}, Query{{"recipient", "x"}}, Query{{"after", "x"}},
        Query{{"after", std::string(32, '0')}}, Query{{"since", std::string(32, '0')}},
        Query{{"order", "down"}}, Query{{"limit", "0"}}, Query{{"offset", "1"}}, Query{{"", ""}}}) {
    EXPECT_EQ(get("/shares", query).status, 400) << query[0].first << query[0].second;
  }
}

}  // namespace
}  // namespace sekisho::staff
