// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/encoding.h"
#include "support/certificate_authority.h"
#include "unit/staff/api_fixture.h"

namespace sekisho::staff {
namespace {

using tests::TestAuthority;

class StaffCertificateRules : public StaffApiTest {
 protected:
  StaffCertificateRules() { trust({&region}); }

  void trust(const std::vector<const TestAuthority*>& trusted) {
    std::string certificates;
    std::string lists;
    for (const TestAuthority* each : trusted) {
      certificates += each->pem();
      lists += each->list_pem();
    }
    std::ofstream(directory.path() / "lists.pem") << lists;
    // The file is another one, whatever the clock says of when it was written.
    std::ofstream(directory.path() / "ca.new") << certificates;
    std::filesystem::rename(directory.path() / "ca.new", directory.path() / "ca.pem");
    authorities.open();
  }
  std::string key(std::size_t index) const {
    return core::to_hex(authorities.list().at(index).key);
  }
  static Json::Value body(const char* kind, const std::string& name) {
    Json::Value body;
    body["Kind"] = kind;
    body["Name"] = name;
    return body;
  }

  const TestAuthority region{"Region"};
  const TestAuthority other{"Other"};
};

TEST_F(StaffCertificateRules, AreMadeListedShownAndRemovedOnRecord) {
  const std::string base = "/recipients/" + new_recipient() + "/certificate-rules";
  const Answer made = post_json(base, body("subject", "cn=viewer, O=Kita Clinic"));
  ASSERT_EQ(made.status, 201) << details(made);
  EXPECT_EQ(made.json["Kind"], "subject");
  EXPECT_EQ(made.json["Name"], "CN=viewer,O=Kita Clinic");
  EXPECT_EQ(made.json["Authority"], key(0));
  EXPECT_EQ(made.json["Status"], "live");
  EXPECT_EQ(last_entry()["event"], "certificate.add");
  EXPECT_EQ(last_entry()["facts"]["certificate_rule"], made.json["ID"]);
  EXPECT_EQ(last_entry()["facts"]["authority"], key(0));
  const std::string path = base + "/" + made.json["ID"].asString();
  EXPECT_EQ(made.location, "/sekisho/api" + path);
  EXPECT_EQ(get(path).json, made.json);
  EXPECT_EQ(get(base).json["CertificateRules"][0], made.json);
  EXPECT_EQ(call(Verb::erase, path).status, 200);
  EXPECT_EQ(last_entry()["event"], "certificate.remove");
  EXPECT_EQ(last_entry()["facts"]["certificate_rule"], made.json["ID"]);
  EXPECT_TRUE(get(base).json["CertificateRules"].empty());
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(call(Verb::erase, path).status, 404);
}

TEST_F(StaffCertificateRules, GiveANameToOneRecipient) {
  const std::string base = "/recipients/" + new_recipient() + "/certificate-rules";
  const std::string others = "/recipients/" + new_recipient("other") + "/certificate-rules";
  const Answer made = post_json(base, body("dns", "viewer.kita.example"));
  const auto before = entries().size();
  const Answer again = post_json(base, body("dns", "Viewer.Kita.Example"));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json, made.json);
  EXPECT_EQ(post_json(others, body("dns", "VIEWER.kita.example")).status, 409);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(get(others + "/" + made.json["ID"].asString()).status, 404);
  EXPECT_EQ(post_json(others, body("uri", "dns:viewer.kita.example")).status, 201);
}

TEST_F(StaffCertificateRules, NameTheirAuthorityWhereThereAreSeveral) {
  trust({&region, &other});
  const std::string base = "/recipients/" + new_recipient() + "/certificate-rules";
  const std::string others = "/recipients/" + new_recipient("other") + "/certificate-rules";
  Json::Value rule = body("email", "sato@kita.example");
  EXPECT_EQ(post_json(base, rule).status, 400);
  rule["Authority"] = std::string(64, '0');
  EXPECT_EQ(post_json(base, rule).status, 400);
  rule["Authority"] = key(1);
  EXPECT_EQ(post_json(base, rule).json["Authority"], key(1));
  rule["Authority"] = key(0);
  EXPECT_EQ(post_json(others, rule).status, 201) << "another authority's Sato is somebody else";
}

TEST_F(StaffCertificateRules, RefuseWhatIsNoName) {
  const std::string base = "/recipients/" + new_recipient() + "/certificate-rules";
  const auto before = entries().size();
  for (const auto& [kind, name] : {std::pair("subject", "viewer"),
                                   {"dns", "*.kita.example"},
                                   {"email", "sato"},
                                   {"uri", "no"},
                                   {"ip", "10.0.0.1"}}) {
    EXPECT_EQ(post_json(base, body(kind, name)).status, 400) << name;
  }
  EXPECT_EQ(post(base).status, 400);
  EXPECT_EQ(post_json("/recipients/" + std::string(32, '0') + "/certificate-rules",
                      body("dns", "a.example"))
                .status,
            404);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffCertificateRules, AreMadeOnceByOneKey) {
  Request request = request_of(Verb::post, "/recipients/" + new_recipient() + "/certificate-rules",
                               to_text(body("dns", "viewer.kita.example")), {});
  request.idempotency_key = "a-key";
  const Answer first = answer_to(request);
  ASSERT_EQ(first.status, 201);
  const Answer again = answer_to(request);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(again.json["Replayed"].asBool());
  EXPECT_EQ(again.json["ID"], first.json["ID"]);
}

TEST_F(StaffCertificateRules, AreSuspendedWithTheirRecipientWhichGetsNoMore) {
  const std::string recipient = "/recipients/" + new_recipient();
  post_json(recipient + "/certificate-rules", body("dns", "viewer.kita.example"));
  post(recipient + "/disable");
  EXPECT_EQ(get(recipient + "/certificate-rules").json["CertificateRules"][0]["Status"],
            "suspended");
  EXPECT_EQ(post_json(recipient + "/certificate-rules", body("dns", "b.example")).status, 409);
}

TEST_F(StaffCertificateRules, AreNotMadeWhereNothingCanBePutOnRecord) {
  const std::string recipient = new_recipient();
  break_log();
  EXPECT_THROW(
      post_json("/recipients/" + recipient + "/certificate-rules", body("dns", "a.example")),
      audit::AuditError);
  EXPECT_TRUE(recipients.certificate_rules(*sharing::RecipientId::parse(recipient)).empty());
}

}  // namespace
}  // namespace sekisho::staff
