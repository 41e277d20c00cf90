// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_fixture.h"
#include "core/encoding.h"
#include "support/certificates.h"

namespace sekisho::staff {
namespace {

using StaffRecipients = StaffApiTest;

TEST_F(StaffRecipients, CreatesARecipientWithAllItWasGiven) {
  const auto created = post("/recipients", R"({"Name":"港クリニック","Organisation":"港区医師会",
      "Kana":"ミナトクリニック","Department":"放射線科","Place":"東京都港区芝1-2-3","Telephone":"03-1234-5678",
      "Email":"office@minato.example","Language":"en",
      "Networks":["10.20.0.0/24","2001:db8::/64"]})");
  ASSERT_EQ(created.status, 201);
  EXPECT_EQ(created.json["Name"], "港クリニック");
  EXPECT_EQ(created.json["Kana"], "ミナトクリニック");
  EXPECT_EQ(created.json["Department"], "放射線科");
  EXPECT_EQ(created.json["Place"], "東京都港区芝1-2-3");
  EXPECT_EQ(created.json["Telephone"], "03-1234-5678");
  EXPECT_EQ(created.json["Organisation"], "港区医師会");
  EXPECT_EQ(created.json["Email"], "office@minato.example");
  EXPECT_EQ(created.json["Language"], "en");
  EXPECT_EQ(created.json["Networks"][1], "2001:db8::/64");
  EXPECT_EQ(created.json["CreatedAt"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(created.json["Status"], "active");
  EXPECT_EQ(get("/recipients/" + created.json["ID"].asString()).json, created.json);
}

TEST_F(StaffRecipients, NeedsANameAndNetworksOnly) {
  const auto created = post("/recipients", R"({"Name":"A","Networks":["10.0.0.1"]})");
  ASSERT_EQ(created.status, 201);
  EXPECT_EQ(created.json["Language"], "ja");
  EXPECT_EQ(created.json["Networks"][0], "10.0.0.1/32");
}

TEST_F(StaffRecipients, ReportsEveryProblemAtOnceAndCreatesNothing) {
  const auto refused = post("/recipients", R"({"Email":"nobody","Language":"fr",
      "Networks":["10.20.0.1/24","x"],"Nickname":"M"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.json["Details"].size(), 6U) << details(refused);
  EXPECT_TRUE(get("/recipients").json["Recipients"].empty());
  EXPECT_EQ(entries().size(), 1U);
}

TEST_F(StaffRecipients, RefusesWrongNetworks) {
  for (const char* networks :
       {"[]", R"(["10.0.0.0/33"])", R"(["10.0.0.1/8"])", R"(["all"])", R"("10.0.0.0/8")", "[7]",
        "null", R"(["10.0.0.0/8","::ffff:10.0.0.0/104"])"}) {
    const auto body = std::string(R"({"Name":"A","Networks":)") + networks + "}";
    EXPECT_EQ(post("/recipients", body).status, 400) << networks;
  }
}

TEST_F(StaffRecipients, RefusesWrongMailAddresses) {
  for (const char* email : {"", "@", "a@", "@b", "a b@c", "a@b@c", "a\\n@b"}) {
    const auto body =
        std::string(R"({"Name":"A","Networks":["10.0.0.0/8"],"Email":")") + email + "\"}";
    EXPECT_EQ(post("/recipients", body).status, 400) << email;
  }
}

TEST_F(StaffRecipients, CreationIsOnRecord) {
  new_recipient();
  EXPECT_EQ(last_entry()["event"], "recipient.create");
  EXPECT_EQ(last_entry()["authentication"], "staff");
}

TEST_F(StaffRecipients, NothingIsCreatedThatCannotBePutOnRecord) {
  break_log();
  EXPECT_THROW(new_recipient(), audit::AuditError);
  EXPECT_TRUE(get("/recipients").json["Recipients"].empty());
}

TEST_F(StaffRecipients, AreListedPageByPage) {
  const auto first = new_recipient("first");
  const auto second = new_recipient("second");
  const auto third = new_recipient("third");
  const auto page = get("/recipients", {{"limit", "2"}});
  EXPECT_EQ(ids_of(page), (std::vector{first, second}));
  ASSERT_EQ(page.json["Next"], second);
  const auto rest = get("/recipients", {{"limit", "2"}, {"after", second}});
  EXPECT_EQ(ids_of(rest), std::vector{third});
  EXPECT_FALSE(rest.json.isMember("Next"));
  EXPECT_FALSE(get("/recipients", {{"limit", "3"}}).json.isMember("Next"));
}

TEST_F(StaffRecipients, AreListedNewestFirstIfAskedFor) {
  const auto first = new_recipient("first");
  const auto second = new_recipient("second");
  const auto page = get("/recipients", {{"order", "desc"}, {"limit", "1"}});
  EXPECT_EQ(ids_of(page), std::vector{second});
  EXPECT_EQ(
      ids_of(get("/recipients", {{"order", "desc"}, {"after", page.json["Next"].asString()}})),
      std::vector{first});
}

TEST_F(StaffRecipients, AreListedByWhenTheyWereRegistered) {
  const auto first = new_recipient("first");
  now += std::chrono::hours(1);
  const auto second = new_recipient("second");
  EXPECT_EQ(ids_of(get("/recipients", {{"since", "2026-02-10T13:00:00Z"}})), std::vector{second});
  EXPECT_EQ(ids_of(get("/recipients", {{"until", "2026-02-10T13:00:00Z"}})), std::vector{first});
}

TEST_F(StaffRecipients, RefuseWrongPages) {
  new_recipient();
  for (const char* limit : {"0", "1001", "-1", "x", "", "1x", "99999999999999999999"}) {
    EXPECT_EQ(get("/recipients", {{"limit", limit}}).status, 400) << limit;
  }
  EXPECT_EQ(get("/recipients", {{"after", "x"}}).status, 400);
  EXPECT_EQ(get("/recipients", {{"after", std::string(32, '0')}}).status, 400);
  EXPECT_EQ(get("/recipients", {{"since", std::string(32, '0')}}).status, 400);
  EXPECT_EQ(get("/recipients", {{"until", "yesterday"}}).status, 400);
  EXPECT_EQ(get("/recipients", {{"order", "newest"}}).status, 400);
  EXPECT_EQ(get("/recipients", {{"page", "2"}}).status, 400);
  EXPECT_EQ(get("/recipients", {{"limit", "1"}, {"limit", "2"}}).status, 400);
}

TEST_F(StaffRecipients, AreDisabledOnceAndOnRecord) {
  const auto id = new_recipient();
  const auto disabled = post("/recipients/" + id + "/disable");
  EXPECT_EQ(disabled.status, 200);
  EXPECT_EQ(disabled.json["Status"], "disabled");
  EXPECT_EQ(disabled.json["DisabledAt"], "2026-02-10T12:00:00Z");
  EXPECT_EQ(last_entry()["event"], "recipient.disable");
  EXPECT_EQ(post("/recipients/" + id + "/disable").json, disabled.json);
  EXPECT_EQ(entries().size(), 3U);
}

TEST_F(StaffRecipients, SuspendWhatTheyHaveWhileTheyAreDisabled) {
  const std::string id = new_recipient();
  const std::string base = "/recipients/" + id;
  const std::string share = "/shares/" + new_share(id);
  post(base + "/tokens", R"({"Name":"a"})");
  Json::Value body;
  body["Pem"] = tests::make_certificate().pem;
  EXPECT_EQ(post_json(base + "/certificates", body).json["Status"], "live");
  post(base + "/disable");
  EXPECT_EQ(get(share).json["Status"], "suspended");
  EXPECT_EQ(get("/shares", {{"status", "suspended"}}).json["Shares"].size(), 1U);
  EXPECT_TRUE(get("/shares", {{"status", "live"}}).json["Shares"].empty());
  EXPECT_EQ(get(base + "/tokens").json["Tokens"][0]["Status"], "suspended");
  EXPECT_EQ(get(base + "/certificates").json["Certificates"][0]["Status"], "suspended");
  const auto refused = post(share + "/forget-key");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.json["Error"], "The share is not over: it is suspended.");
}

TEST_F(StaffRecipients, StayEnabledWhereThatCannotBePutOnRecord) {
  const auto id = new_recipient();
  break_log();
  EXPECT_THROW(post("/recipients/" + id + "/disable"), audit::AuditError);
  EXPECT_EQ(get("/recipients/" + id).json["Status"], "active");
}

TEST_F(StaffRecipients, TakeNoFurtherCredentialsOnceDisabled) {
  const auto id = new_recipient();
  post("/recipients/" + id + "/disable");
  const std::string base = "/recipients/" + id;
  EXPECT_EQ(post(base + "/tokens", R"({"Name":"a"})").status, 409);
  Json::Value body;
  body["Pem"] = tests::make_certificate().pem;
  EXPECT_EQ(post_json(base + "/certificates", body).status, 409);
}

TEST_F(StaffRecipients, HaveBackWhatTheyHadOnceTheyAreEnabledAgain) {
  const std::string id = new_recipient();
  const std::string base = "/recipients/" + id;
  const std::string share = "/shares/" + new_share(id);
  post(base + "/tokens", R"({"Name":"a"})");
  post(base + "/disable");
  const auto enabled = post(base + "/enable");
  EXPECT_EQ(enabled.status, 200);
  EXPECT_EQ(enabled.json["Status"], "active");
  EXPECT_EQ(get(base).json, enabled.json);
  EXPECT_EQ(last_entry()["event"], "recipient.enable");
  EXPECT_EQ(get(share).json["Status"], "live");
  EXPECT_EQ(get(base + "/tokens").json["Tokens"][0]["Status"], "live");
  const auto before = entries().size();
  EXPECT_EQ(post(base + "/enable").status, 200);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffRecipients, AreChangedWithEveryDifferenceOnRecord) {
  const std::string base = "/recipients/" + new_recipient();
  const auto changed = call(Verb::put, base,
                            R"({"Name":"Minato Hospital","Email":"office@minato.example",
                                "Kana":"ミナト","Department":"CT","Place":"芝","Telephone":"1",
                                "Networks":["10.30.0.0/24","10.40.0.0/24"]})");
  ASSERT_EQ(changed.status, 200) << details(changed);
  EXPECT_EQ(get(base).json, changed.json);
  EXPECT_EQ(changed.json["Name"], "Minato Hospital");
  EXPECT_EQ(to_text(changed.json["Networks"]), R"(["10.30.0.0/24","10.40.0.0/24"])");
  std::vector<std::string> told;
  for (const Json::Value& entry : entries()) {
    const Json::Value& facts = entry["facts"];
    told.push_back(entry["event"].asString() + ' ' + facts["network"].asString() +
                   facts["fields"].asString());
  }
  EXPECT_EQ(
      std::vector(told.begin() + 2, told.end()),
      (std::vector<std::string>{"recipient.network 10.30.0.0/24", "recipient.network 10.40.0.0/24",
                                "recipient.network_remove 10.20.0.0/24",
                                "recipient.change name kana department place telephone email"}));
}

TEST_F(StaffRecipients, AreNotChangedByHalf) {
  const std::string base = "/recipients/" + new_recipient();
  const auto before = get(base).json;
  EXPECT_EQ(call(Verb::put, base, R"({"Name":"Other"})").status, 400);
  EXPECT_EQ(call(Verb::put, base, R"({"Name":"Other","Networks":[]})").status, 400);
  EXPECT_EQ(call(Verb::put, base, R"({"Name":"O","Networks":["10.0.0.0/8"],"ID":"1"})").status,
            400);
  break_log();
  EXPECT_THROW(call(Verb::put, base, R"({"Name":"O","Networks":["10.0.0.0/8"]})"),
               audit::AuditError);
  EXPECT_EQ(get(base).json, before);
}

TEST_F(StaffRecipients, LoseNetworksButTheLast) {
  const std::string base = "/recipients/" + new_recipient();
  post(base + "/networks", R"({"Network":"10.30.0.0/24"})");
  const std::string remove = base + "/networks/remove";
  EXPECT_EQ(post(remove, R"({"Network":"10.31.0.0/24"})").status, 404);
  const auto removed = post(remove, R"({"Network":"10.20.0.0/24"})");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(to_text(removed.json["Networks"]), R"(["10.30.0.0/24"])");
  EXPECT_EQ(get(base).json, removed.json);
  EXPECT_EQ(last_entry()["event"], "recipient.network_remove");
  EXPECT_EQ(last_entry()["facts"]["network"], "10.20.0.0/24");
  EXPECT_EQ(post(remove, R"({"Network":"10.30.0.0/24"})").status, 409);
}

TEST_F(StaffRecipients, ShowOneCredential) {
  const std::string base = "/recipients/" + new_recipient();
  const std::string other = "/recipients/" + new_recipient("other");
  auto token = post(base + "/tokens", R"({"Name":"a"})").json;
  token.removeMember("Token");
  Json::Value body;
  body["Pem"] = tests::make_certificate().pem;
  const auto certificate = post_json(base + "/certificates", body).json;
  for (const auto& [kind, made] : {std::pair("/tokens/", token), {"/certificates/", certificate}}) {
    const std::string path = kind + made["ID"].asString();
    EXPECT_EQ(get(base + path).json, made);
    EXPECT_EQ(get(other + path).status, 404);
  }
}

TEST_F(StaffRecipients, GetNetworksAdded) {
  const std::string base = "/recipients/" + new_recipient();
  const auto added = post(base + "/networks", R"({"Network":"10.30.0.0/24"})");
  EXPECT_EQ(added.status, 200);
  EXPECT_EQ(get(base).json["Networks"][1], "10.30.0.0/24");
  EXPECT_EQ(last_entry()["event"], "recipient.network");
  EXPECT_EQ(last_entry()["facts"]["network"], "10.30.0.0/24");
  const std::size_t before = entries().size();
  EXPECT_EQ(post(base + "/networks", R"({"Network":"10.30.0.0/24"})").json, added.json);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(post(base + "/networks", R"({"Network":"10.30.0.1/24"})").status, 400);
  EXPECT_EQ(post(base + "/networks", "{}").status, 400);
}

TEST_F(StaffRecipients, GetTokensThatAreShownOnce) {
  const std::string base = "/recipients/" + new_recipient();
  const auto created =
      post(base + "/tokens", R"({"Name":"viewer","ExpiresAt":"2026-03-01T00:00:00Z"})");
  ASSERT_EQ(created.status, 201);
  EXPECT_EQ(created.json["ExpiresAt"], "2026-03-01T00:00:00Z");
  const std::string token = created.json["Token"].asString();
  EXPECT_TRUE(recipients.find_token(token));
  EXPECT_EQ(last_entry()["event"], "token.create");
  EXPECT_EQ(last_entry()["facts"]["token"], created.json["ID"]);

  const auto listed = get(base + "/tokens");
  ASSERT_EQ(listed.json["Tokens"].size(), 1U);
  EXPECT_EQ(listed.json["Tokens"][0]["Name"], "viewer");
  EXPECT_EQ(listed.json["Tokens"][0]["Status"], "live");
  EXPECT_EQ(to_text(listed.json).find(token), std::string::npos);
  for (const auto& entry : entries()) {
    EXPECT_EQ(to_text(entry).find(token.substr(4)), std::string::npos);
  }
}

TEST_F(StaffRecipients, GetTokensThatMayDoLessThanTheyMay) {
  const sharing::Recipient clinic = tests::a_recipient();
  recipients.insert(clinic);
  const sharing::Share share = tests::a_share(clinic.id);
  shares.insert(share);
  const std::string base = "/recipients/" + clinic.id.text() + "/tokens";
  const std::string id = share.id.text();
  const auto created =
      post(base, R"({"Name":"a","Permissions":["return","view"],"Shares":[")" + id + R"("]})");
  ASSERT_EQ(created.status, 201) << details(created);
  EXPECT_EQ(to_text(created.json["Permissions"]), R"(["view","return"])");
  EXPECT_EQ(to_text(created.json["Shares"]), "[\"" + id + "\"]");
  EXPECT_EQ(last_entry()["facts"]["permissions"], "view return");
  EXPECT_EQ(last_entry()["facts"]["shares"], id);
  EXPECT_EQ(get(base).json["Tokens"][0]["Shares"][0], id);
  const auto scope = recipients.find_token(created.json["Token"].asString())->scope;
  EXPECT_EQ(scope.permissions, (sharing::Permissions{.view = true, .give_back = true}));
  EXPECT_EQ(scope.shares, std::vector{share.id});
  for (const std::string& wrong :
       {std::string(R"("Permissions":[])"), std::string(R"("Permissions":["write"])"),
        std::string(R"("Permissions":null)"), std::string(R"("Shares":[])"),
        std::string(R"("Shares":["x"])"), R"("Shares":[")" + id + R"(",")" + id + R"("])"}) {
    EXPECT_EQ(post(base, R"({"Name":"a",)" + wrong + "}").status, 400) << wrong;
  }
  const auto wide = post(base, R"({"Name":"b"})");
  EXPECT_EQ(wide.json["Permissions"].size(), 4U);
  EXPECT_FALSE(wide.json.isMember("Shares"));
  EXPECT_FALSE(last_entry()["facts"].isMember("shares"));
}

TEST_F(StaffRecipients, AreToldOnRecordOfEachShareOfAToken) {
  const sharing::Recipient clinic = tests::a_recipient();
  recipients.insert(clinic);
  Json::Value body;
  body["Name"] = "viewer";
  for (std::size_t i = 0; i < sharing::kMostSharesOfToken; ++i) {
    const sharing::Share share = tests::a_share(clinic.id);
    shares.insert(share);
    body["Shares"].append(share.id.text());
  }
  const std::string path = "/recipients/" + clinic.id.text() + "/tokens";
  ASSERT_EQ(post_json(path, body).status, 201);
  const std::string told = last_entry()["facts"]["shares"].asString();
  for (const auto& id : body["Shares"]) {
    EXPECT_NE(told.find(id.asString()), std::string::npos);
  }
  body["Shares"].append(sharing::ShareId::random().text());
  EXPECT_EQ(post_json(path, body).status, 400);
}

TEST_F(StaffRecipients, GetNoTokenForSharesOfAnother) {
  const sharing::Recipient clinic = tests::a_recipient();
  const sharing::Recipient other = tests::a_recipient("other");
  for (const auto& each : {clinic, other}) recipients.insert(each);
  const sharing::Share share = tests::a_share(other.id);
  shares.insert(share);
  const std::string base = "/recipients/" + clinic.id.text() + "/tokens";
  const std::size_t before = entries().size();
  for (const std::string& id : {share.id.text(), sharing::ShareId::random().text()}) {
    EXPECT_EQ(post(base, R"({"Name":"a","Shares":[")" + id + R"("]})").status, 409);
  }
  EXPECT_TRUE(recipients.tokens(clinic.id).empty());
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffRecipients, TokensExpireByDefaultAndNeverBeyondTheMaximum) {
  const std::string base = "/recipients/" + new_recipient();
  EXPECT_EQ(post(base + "/tokens", R"({"Name":"a"})").json["ExpiresAt"], "2026-05-11T12:00:00Z");
  const auto refused = post(base + "/tokens", R"({"Name":"a","ExpiresAt":"2027-02-10T12:00:01Z"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(details(refused).find("2027-02-10T12:00:00Z"), std::string::npos);
  for (const char* expiry :
       {"2026-02-10T12:00:00Z", "2001-01-01T00:00:00Z", "tomorrow", "2026-02-30T00:00:00Z"}) {
    const auto body = std::string(R"({"Name":"a","ExpiresAt":")") + expiry + "\"}";
    EXPECT_EQ(post(base + "/tokens", body).status, 400) << expiry;
  }
}

TEST_F(StaffRecipients, TokensShowThatTheyExpired) {
  const std::string base = "/recipients/" + new_recipient();
  post(base + "/tokens", R"({"Name":"a","ExpiresAt":"2026-03-01T00:00:00Z"})");
  now = tests::at("2026-03-01T00:00:00Z");
  EXPECT_EQ(get(base + "/tokens").json["Tokens"][0]["Status"], "expired");
}

TEST_F(StaffRecipients, TokensAreRevokedOnceAndOnRecord) {
  const std::string base = "/recipients/" + new_recipient();
  const auto created = post(base + "/tokens", R"({"Name":"a"})");
  const std::string path = base + "/tokens/" + created.json["ID"].asString() + "/revoke";
  const auto revoked = post(path);
  EXPECT_EQ(revoked.status, 200);
  EXPECT_EQ(revoked.json["Status"], "revoked");
  EXPECT_TRUE(recipients.find_token(created.json["Token"].asString())->revoked_at);
  EXPECT_EQ(last_entry()["event"], "token.revoke");
  const std::size_t before = entries().size();
  now += std::chrono::hours(1);
  EXPECT_EQ(post(path).json, revoked.json);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffRecipients, TokensOfAnotherRecipientAreNotThere) {
  const std::string base = "/recipients/" + new_recipient();
  const auto created = post(base + "/tokens", R"({"Name":"a"})");
  const std::string other = "/recipients/" + new_recipient("other");
  EXPECT_EQ(post(other + "/tokens/" + created.json["ID"].asString() + "/revoke").status, 404);
  EXPECT_FALSE(recipients.find_token(created.json["Token"].asString())->revoked_at);
}

TEST_F(StaffRecipients, EnrolCertificates) {
  const std::string base = "/recipients/" + new_recipient();
  const auto made = tests::make_certificate({.common_name = "reader-7"});
  Json::Value body;
  body["Pem"] = made.pem;
  const auto added = post_json(base + "/certificates", body);
  ASSERT_EQ(added.status, 201);
  const auto sha256 = core::sha256(core::as_bytes(made.der));
  EXPECT_EQ(added.json["Sha256"], core::to_hex(sha256));
  EXPECT_EQ(added.json["Subject"], "CN=reader-7");
  EXPECT_EQ(added.json["NotAfter"], "2027-01-01T00:00:00Z");
  EXPECT_TRUE(recipients.find_certificate(sha256));
  EXPECT_EQ(get(base + "/certificates").json["Certificates"][0], added.json);
  EXPECT_EQ(last_entry()["event"], "certificate.add");
}

TEST_F(StaffRecipients, EnrolACertificateOnce) {
  const std::string base = "/recipients/" + new_recipient();
  const std::string other = "/recipients/" + new_recipient("other");
  Json::Value body;
  body["Pem"] = tests::make_certificate().pem;
  const auto enrolled = post_json(base + "/certificates", body);
  const auto before = entries().size();
  const auto again = post_json(base + "/certificates", body);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json, enrolled.json);
  EXPECT_EQ(post_json(other + "/certificates", body).status, 409);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffRecipients, RefuseWhatIsNoUsableCertificate) {
  const std::string base = "/recipients/" + new_recipient();
  const auto good = tests::make_certificate();
  for (const std::string& pem :
       {std::string(), std::string("nonsense"), good.pem + good.key_pem, good.pem + good.pem,
        tests::make_certificate({.digest = "SHA1"}).pem,
        tests::make_certificate({.not_after = now}).pem}) {
    Json::Value body;
    body["Pem"] = pem;
    EXPECT_EQ(post_json(base + "/certificates", body).status, 400) << pem;
  }
  EXPECT_TRUE(get(base + "/certificates").json["Certificates"].empty());
}

TEST_F(StaffRecipients, CertificatesAreRemovedOnRecord) {
  const std::string base = "/recipients/" + new_recipient();
  Json::Value body;
  body["Pem"] = tests::make_certificate().pem;
  const auto path =
      base + "/certificates/" + post_json(base + "/certificates", body).json["ID"].asString();
  const std::string other = "/recipients/" + new_recipient("other");
  EXPECT_EQ(call(Verb::erase, other + path.substr(base.size())).status, 404);
  EXPECT_EQ(call(Verb::erase, path).status, 200);
  EXPECT_EQ(last_entry()["event"], "certificate.remove");
  EXPECT_TRUE(get(base + "/certificates").json["Certificates"].empty());
  EXPECT_EQ(call(Verb::erase, path).status, 404);
}

TEST_F(StaffRecipients, UnknownOnesAre404Everywhere) {
  for (const std::string& id :
       {std::string(32, '0'), std::string("not-an-id"), std::string("..")}) {
    const std::string base = "/recipients/" + id;
    EXPECT_EQ(get(base).status, 404);
    EXPECT_EQ(post(base + "/disable").status, 404);
    EXPECT_EQ(post(base + "/enable").status, 404);
    EXPECT_EQ(call(Verb::put, base, R"({"Name":"a","Networks":["10.0.0.0/8"]})").status, 404);
    EXPECT_EQ(post(base + "/networks/remove", R"({"Network":"10.0.0.0/8"})").status, 404);
    EXPECT_EQ(get(base + "/tokens/x").status, 404);
    EXPECT_EQ(get(base + "/certificates/x").status, 404);
    EXPECT_EQ(post(base + "/networks", R"({"Network":"10.0.0.0/8"})").status, 404);
    EXPECT_EQ(get(base + "/tokens").status, 404);
    EXPECT_EQ(post(base + "/tokens", R"({"Name":"a"})").status, 404);
    EXPECT_EQ(post(base + "/tokens/x/revoke").status, 404);
    EXPECT_EQ(get(base + "/certificates").status, 404);
    EXPECT_EQ(call(Verb::erase, base + "/certificates/x").status, 404);
  }
  EXPECT_EQ(entries().size(), 1U);
}

}  // namespace
}  // namespace sekisho::staff
