// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/share_acts.h"

#include "core/encoding.h"
#include "shares_fixture.h"

namespace sekisho::staff {
namespace {

using tests::at;

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
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "x/y"})").status, 400);
  EXPECT_EQ(post(path, R"({"SeriesInstanceUID": "1.1.1", "Why": "x"})").status, 400);
  EXPECT_EQ(post(path, "{}").status, 400);
  EXPECT_EQ(post("/shares/00000000000000000000000000000000/series/approve",
                 R"({"SeriesInstanceUID": "1.1.1"})")
                .status,
            404);
}

TEST_F(StaffShares, TakeApprovalsBackOnRecord) {
  const std::string path = "/shares/" + new_share(recipient);
  const std::string withdraw = path + "/series/withdraw";
  EXPECT_EQ(post(withdraw, R"({"SeriesInstanceUID": "1.1.1"})").status, 404);
  post(path + "/series/approve", R"({"SeriesInstanceUID": "1.1.1"})");
  EXPECT_EQ(post(withdraw, R"({"SeriesInstanceUID": "1.1.1", "PatientID": "P2"})").status, 404);
  EXPECT_EQ(post(withdraw, R"({"SeriesInstanceUID": "x/y"})").status, 400);
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
