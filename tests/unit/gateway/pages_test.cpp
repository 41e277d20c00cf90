// SPDX-License-Identifier: GPL-3.0-or-later
/// The pages at the door: the same bytes for everybody who comes from where a recipient may be.
#include <gtest/gtest.h>
#include <json/json.h>

#include <sstream>
#include <tuple>

#include "access/secret_text.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "core/encoding.h"
#include "unit/gateway/hospital.h"
#include "web/files.h"

namespace sekisho::gateway {
namespace {

using namespace tests;

constexpr web::Site kSite = web::Site::recipient;

auto without_what_differs(Answer answer) {
  for (const char* differs : {"sekisho-request", "date"}) answer.headers.erase(differs);
  return std::tuple(answer.status, answer.headers, answer.body);
}

TEST(Pages, AreTheSameForEveryLink) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  const auto live = hospital.share(clinic).share;
  const auto revoked = hospital.share(clinic).share;
  hospital.revoke(revoked);
  const auto page = without_what_differs(hospital.get("/"));
  EXPECT_EQ(std::get<0>(page), 200);
  EXPECT_EQ(std::get<2>(page), web::page(kSite).text);
  const std::vector<std::string> paths = {"/s/" + live.id.text(), "/s/" + revoked.id.text(),
                                          "/s/nothing", "/i/" + std::string(32, '0'),
                                          "/r/" + std::string(32, 'f')};
  for (const std::string& path : paths) {
    EXPECT_EQ(without_what_differs(hospital.get(path)), page) << path;
  }
  EXPECT_TRUE(hospital.entries("denial").empty());
}

TEST(Pages, RunNothingThatIsNotOursAndAreKeptNowhere) {
  Hospital hospital;
  hospital.clinic();
  const Answer page = hospital.get("/");
  const std::string& policy = page.headers.at("content-security-policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; "));
  EXPECT_TRUE(policy.ends_with("require-trusted-types-for 'script'"));
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(page.headers.at("cache-control"), "no-store");
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.headers.at("referrer-policy"), "no-referrer");
  EXPECT_EQ(page.headers.at("cross-origin-opener-policy"), "same-origin");
  EXPECT_TRUE(page.headers.contains("permissions-policy"));
}

TEST(Pages, AreNothingToStrangers) {
  Hospital hospital;
  hospital.clinic("10.99.0.0/16");
  const auto refused = without_what_differs(hospital.get("/no/such/place"));
  std::vector<std::string> paths{"/", "/s/x", "/i/x", "/r/x", "/out", "/api/door"};
  for (const web::File& file : web::code(kSite)) paths.push_back("/app/" + std::string(file.name));
  for (const std::string& path : paths) {
    EXPECT_EQ(without_what_differs(hospital.get(path)), refused) << path;
  }
  hospital.ports().denials.record_all_repeated();
  bool is_on_record = false;
  for (const auto& denial : hospital.entries("denial")) {
    is_on_record |= denial["detail"].asString() == "foreign_network";
  }
  EXPECT_TRUE(is_on_record);
}

TEST(Pages, KeepCodeByTheHashInItsName) {
  Hospital hospital;
  hospital.clinic();
  ASSERT_FALSE(web::code(kSite).empty());
  for (const web::File& file : web::code(kSite)) {
    const std::string path = "/app/" + std::string(file.name);
    const Answer plain = hospital.get(path);
    EXPECT_EQ(plain.status, 200) << path;
    EXPECT_EQ(plain.body, file.text);
    EXPECT_EQ(core::to_hex(core::sha256(core::as_bytes(file.text))), file.sha256);
    EXPECT_EQ(plain.headers.at("content-type"), file.type);
    EXPECT_EQ(plain.headers.at("cache-control"), "private, max-age=31536000, immutable");
    const Answer packed = hospital.get(path, "", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
    EXPECT_EQ(packed.body, file.gzip);
    const std::string known = "If-None-Match: " + packed.headers.at("etag") + "\r\n";
    EXPECT_EQ(hospital.get(path, "", known).status, 304);
  }
  for (const char* other : {"/app/index.html", "/app/", "/app/x.js", "/app/..%2findex.html"}) {
    EXPECT_EQ(hospital.get(other).status, 404) << other;
  }
}

TEST(Pages, LeaveNothingBehindAtTheEnd) {
  Hospital hospital;
  hospital.clinic();
  const Answer farewell = hospital.get("/out");
  EXPECT_EQ(farewell.status, 200);
  EXPECT_EQ(farewell.body, web::page(kSite).text);
  EXPECT_EQ(farewell.headers.at("clear-site-data"), R"("cache", "cookies", "storage")");
  EXPECT_EQ(farewell.headers.at("cache-control"), "no-store");
  EXPECT_EQ(hospital.get("/out", "", "Sec-Fetch-Site: cross-site\r\n").status, 404);
  // Links in letters are followed from wherever these are read.
  EXPECT_EQ(hospital.get("/s/x", "", "Sec-Fetch-Site: cross-site\r\n").status, 200);
}

TEST(Pages, FindOutWhetherThereIsASessionWithoutBeingRefused) {
  Hospital hospital;
  const auto clinic = hospital.clinic();
  access::Person person = a_person("sato");
  person.recipient = clinic.id.text();
  hospital.access().people->insert(person);
  auto session = a_session(person, hospital.time());
  session.recipient = clinic.id.text();
  const auto secret = access::new_secret(access::SecretKind::session);
  ASSERT_TRUE(hospital.access().sessions->begin(session, secret.hash));
  const auto is_signed_in = [](const Answer& answer) {
    Json::Value json;
    std::istringstream(answer.body) >> json;
    return json["SignedIn"].asBool();
  };
  EXPECT_FALSE(is_signed_in(hospital.from_page("GET /api/door")));
  EXPECT_FALSE(is_signed_in(hospital.from_page("GET /api/door", "sks_" + std::string(43, 'A'))));
  EXPECT_TRUE(is_signed_in(hospital.from_page("GET /api/door", secret.text)));
  EXPECT_FALSE(is_signed_in(
      hospital.get("/api/door", "", "Cookie: __Host-sekisho=" + secret.text + "\r\n")));
  EXPECT_TRUE(hospital.entries("denial").empty());
}

}  // namespace
}  // namespace sekisho::gateway
