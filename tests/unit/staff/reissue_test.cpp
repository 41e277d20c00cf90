// SPDX-License-Identifier: GPL-3.0-or-later
#include "shares_fixture.h"

namespace sekisho::staff {
namespace {

class StaffReissue : public StaffShares {
 protected:
  /// A share that says something of everything.
  Answer shared() {
    Json::Value body = body_with("Permissions", R"(["view","return"])");
    body["Assurance"] = "password+totp";
    body["MaxSessions"] = 3;
    body["Purpose"] = "second opinion";
    body["IntendedUse"] = "reading";
    body["ExpiresAt"] = "2026-03-01T00:00:00Z";
    const Answer made = post_json("/shares", body);
    EXPECT_EQ(made.status, 201) << details(made);
    return made;
  }
  static std::string path_of(const Answer& made) { return "/shares/" + made.json["ID"].asString(); }
};

TEST_F(StaffReissue, SharesTheSameAgainUnderAnotherLinkAndTerm) {
  const Answer old = shared();
  now = tests::at("2026-03-02T12:00:00Z");
  ASSERT_EQ(get(path_of(old)).json["Status"], "expired");
  const Answer again = post(path_of(old) + "/reissue", R"({"ExpiresAt":"2026-04-01T00:00:00Z"})");
  ASSERT_EQ(again.status, 201) << details(again);
  EXPECT_EQ(again.location, "/sekisho/api" + path_of(again));
  EXPECT_NE(again.json["Link"], old.json["Link"]);
  EXPECT_EQ(again.json["NotBefore"], "2026-03-02T12:00:00Z");
  EXPECT_EQ(again.json["ExpiresAt"], "2026-04-01T00:00:00Z");
  EXPECT_EQ(again.json["Status"], "live");
  for (const char* same : {"Recipient", "Scope", "Profile", "ResolvedProfile", "Permissions",
                           "Assurance", "MaxSessions", "Purpose", "IntendedUse"}) {
    EXPECT_EQ(again.json[same], old.json[same]) << same;
  }
  EXPECT_EQ(stored(again).profile_json, stored(old).profile_json);
  EXPECT_NE(stored(again).link_hash, stored(old).link_hash);
  EXPECT_EQ(last_entry()["event"], "share.create");
  EXPECT_EQ(last_entry()["facts"]["reissue_of"], old.json["ID"]);
}

TEST_F(StaffReissue, KeepsTheProfileWhateverTheConfigurationSaysByNow) {
  const Answer old = shared();
  options.default_profile = "minimum-disclosure";
  const Answer again = post(path_of(old) + "/reissue");
  EXPECT_EQ(again.json["Profile"], "ps3.15-basic");
  EXPECT_EQ(again.json["ExpiresAt"], "2026-05-11T12:00:00Z");
}

TEST_F(StaffReissue, EndsTheOldOneWhereThatIsAskedFor) {
  const Answer old = shared();
  post(path_of(old) + "/reissue");
  EXPECT_EQ(get(path_of(old)).json["Status"], "live");
  EXPECT_EQ(post(path_of(old) + "/reissue", R"({"Reason":"x"})").status, 400);
  const Answer again =
      post(path_of(old) + "/reissue", R"({"RevokeOld":true,"Reason":"letter lost"})");
  ASSERT_EQ(again.status, 201) << details(again);
  const Json::Value ended = get(path_of(old)).json;
  EXPECT_EQ(ended["Status"], "revoked");
  EXPECT_EQ(ended["RevokeReason"], "letter lost");
  EXPECT_EQ(last_entry()["event"], "share.revoke");
  EXPECT_EQ(last_entry()["facts"]["cause"], "reissued");
  const auto before = entries().size();
  post(path_of(old) + "/reissue", R"({"RevokeOld":true})");
  EXPECT_EQ(entries().size(), before + 1) << "it is over: only the new one goes on record";
}

TEST_F(StaffReissue, SentAgainMakesNoSecondShare) {
  const Answer old = shared();
  Request request = request_of(Verb::post, path_of(old) + "/reissue", R"({"RevokeOld":true})");
  request.idempotency_key = "8e03978e-40d5-43e8-bc93-6894a57f9324";
  const Answer first = answer_to(request);
  ASSERT_EQ(first.status, 201) << details(first);
  const auto before = entries().size();
  const Answer again = answer_to(request);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(again.json["Replayed"].asBool());
  EXPECT_EQ(again.json["ID"], first.json["ID"]);
  EXPECT_FALSE(again.json.isMember("Link"));
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(get("/shares").json["Shares"].size(), 2U);
}

TEST_F(StaffReissue, AsksForAnApprovalWhereTheOldOneDidOrTheConfigurationDoes) {
  const Answer needing = create("NeedsApproval", "true");
  EXPECT_EQ(post(path_of(needing) + "/reissue").json["Status"], "awaiting");
  const Answer old = shared();
  EXPECT_EQ(post(path_of(old) + "/reissue").json["Status"], "live");
  options.requires_approval = true;
  EXPECT_EQ(post(path_of(old) + "/reissue").json["Status"], "awaiting");
}

TEST_F(StaffReissue, IsForWhomStillMayHaveIt) {
  const Answer old = shared();
  EXPECT_EQ(post("/shares/" + std::string(32, '0') + "/reissue").status, 404);
  EXPECT_EQ(post(path_of(old) + "/reissue", R"({"ExpiresAt":"2001-01-01T00:00:00Z"})").status, 400);
  EXPECT_EQ(post(path_of(old) + "/reissue", R"({"Purpose":"x"})").status, 400);
  post("/recipients/" + recipient + "/disable");
  EXPECT_EQ(post(path_of(old) + "/reissue").status, 409);
}

TEST_F(StaffReissue, LeavesTheOldOneWhereItCannotBePutOnRecord) {
  const Answer old = shared();
  break_log();
  EXPECT_THROW(post(path_of(old) + "/reissue", R"({"RevokeOld":true})"), audit::AuditError);
  EXPECT_EQ(get(path_of(old)).json["Status"], "live");
  EXPECT_EQ(get("/shares").json["Shares"].size(), 1U);
}

TEST_F(StaffShares, OpenForNobodyBeforeTheTimeToUndoThemIsOver) {
  options.undo_window = std::chrono::seconds(60);
  const Answer made = create("NotBefore", R"("2026-02-10T11:00:00Z")");
  EXPECT_EQ(made.json["NotBefore"], "2026-02-10T12:01:00Z");
  EXPECT_EQ(made.json["Status"], "pending");
  const std::string path = "/shares/" + made.json["ID"].asString();
  now += std::chrono::seconds(59);
  post(path + "/revoke");
  EXPECT_EQ(last_entry()["facts"]["cause"], "undone");
  const std::string later = "/shares/" + new_share(recipient);
  now += std::chrono::seconds(60);
  EXPECT_EQ(get(later).json["Status"], "live");
  post(later + "/revoke");
  EXPECT_FALSE(last_entry()["facts"].isMember("cause"));
  EXPECT_EQ(create("NotBefore", R"("2026-03-01T00:00:00Z")").json["NotBefore"],
            "2026-03-01T00:00:00Z");
}

}  // namespace
}  // namespace sekisho::staff
