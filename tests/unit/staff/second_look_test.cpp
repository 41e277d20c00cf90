// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/second_look.h"

#include "shares_fixture.h"

namespace sekisho::staff {
namespace {

class StaffSecondLook : public StaffShares {
 protected:
  /// A call of somebody else than tanaka, who makes the shares.
  Answer post_as(const std::string& actor, const std::string& path,
                 const std::string& body = "{}") {
    Request request = request_of(Verb::post, path, body);
    request.caller.name = actor;
    return answer_to(request);
  }
  std::string awaiting() {
    const Answer made = create("NeedsApproval", "true");
    EXPECT_EQ(made.json["Status"], "awaiting") << details(made);
    return "/shares/" + made.json["ID"].asString();
  }
};

TEST_F(StaffSecondLook, OpensAShareThatAwaitsIt) {
  const std::string path = awaiting();
  EXPECT_EQ(last_entry()["facts"]["approval"], "needed");
  EXPECT_EQ(get("/shares", {{"status", "awaiting"}}).json["Shares"].size(), 1U);
  const Answer approved = post_as("suzuki", path + "/approve");
  ASSERT_EQ(approved.status, 200) << details(approved);
  EXPECT_EQ(approved.json["Status"], "live");
  EXPECT_EQ(approved.json["ApprovedBy"], "suzuki");
  EXPECT_EQ(approved.json["ApprovedAt"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(last_entry()["event"], "share.approve");
  const auto before = entries().size();
  EXPECT_EQ(post_as("sato", path + "/approve").json, approved.json) << "the first one counts";
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(post_as("suzuki", path + "/reject", R"({"Reason":"x"})").status, 409);
  EXPECT_EQ(post(path + "/revoke").json["Status"], "revoked");
}

TEST_F(StaffSecondLook, IsNeverThatOfTheMakerOrOfNobody) {
  const std::string path = awaiting();
  const auto before = entries().size();
  for (const char* actor : {"tanaka", ""}) {
    EXPECT_EQ(post_as(actor, path + "/approve").status, 403) << actor;
    EXPECT_EQ(post_as(actor, path + "/reject", R"({"Reason":"x"})").status, 403) << actor;
  }
  Request nameless = request_of(Verb::post, "/shares", to_text(body_with("NeedsApproval", "true")));
  nameless.caller.name.clear();
  EXPECT_EQ(answer_to(nameless).status, 403) << "who would be another than nobody?";
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(get(path).json["Status"], "awaiting");
}

TEST_F(StaffSecondLook, EndsAShareWithAReason) {
  const std::string path = awaiting();
  EXPECT_EQ(post_as("suzuki", path + "/reject").status, 400);
  const Answer rejected = post_as("suzuki", path + "/reject", R"({"Reason":"wrong clinic"})");
  EXPECT_EQ(rejected.json["Status"], "revoked");
  EXPECT_EQ(rejected.json["RevokeReason"], "wrong clinic");
  EXPECT_EQ(last_entry()["event"], "share.revoke");
  EXPECT_EQ(last_entry()["facts"]["cause"], "rejected");
  EXPECT_EQ(post_as("suzuki", path + "/approve").status, 409);
}

TEST_F(StaffSecondLook, IsOfWhatNeedsItAndIsNotOver) {
  const std::string plain = "/shares/" + new_share(recipient);
  EXPECT_EQ(post_as("suzuki", plain + "/approve").status, 409);
  EXPECT_EQ(post_as("suzuki", "/shares/" + std::string(32, '0') + "/approve").status, 404);
  const std::string path = awaiting();
  EXPECT_EQ(post_as("suzuki", path + "/approve", R"({"Reason":"x"})").status, 400);
  now = tests::at("2026-05-11T12:00:00Z");
  EXPECT_EQ(post_as("suzuki", path + "/approve").status, 409);
}

TEST_F(StaffSecondLook, IsDemandedOfEveryShareWhereTheConfigurationSaysSo) {
  options.requires_approval = true;
  EXPECT_EQ(create("Purpose", R"("x")").json["Status"], "awaiting");
  const Answer refused = create("NeedsApproval", "false");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(details(refused).find("NeedsApproval"), std::string::npos);
  EXPECT_EQ(create("NeedsApproval", R"("yes")").status, 400);
}

TEST_F(StaffSecondLook, DoesNothingThatCannotBePutOnRecord) {
  const std::string path = awaiting();
  break_log();
  EXPECT_THROW(post_as("suzuki", path + "/approve"), audit::AuditError);
  EXPECT_THROW(post_as("suzuki", path + "/reject", R"({"Reason":"x"})"), audit::AuditError);
  EXPECT_EQ(get(path).json["Status"], "awaiting");
}

}  // namespace
}  // namespace sekisho::staff
