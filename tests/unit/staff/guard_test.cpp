// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/guard.h"

#include <gtest/gtest.h>

#include "api_fixture.h"
#include "staff/json.h"

namespace sekisho::staff {
namespace {

constexpr const char* kJson = "application/json";

/// 0 where the call may pass.
int refusal(Verb verb, CallContext context) {
  Request request;
  request.verb = verb;
  request.context = std::move(context);
  const auto refused = refuse_other_sites(request);
  return refused ? refused->status : 0;
}

TEST(PagesOfOtherSites, AreRefusedByWhatTheBrowserSaysOfThem) {
  for (const Verb verb : {Verb::get, Verb::post, Verb::put, Verb::erase}) {
    EXPECT_EQ(refusal(verb, {kJson, "pacs:8042", "", "cross-site"}), 403);
    EXPECT_EQ(refusal(verb, {kJson, "pacs:8042", "", "same-site"}), 403);
    EXPECT_EQ(refusal(verb, {kJson, "pacs:8042", "", "something-new"}), 403);
    EXPECT_EQ(refusal(verb, {kJson, "pacs:8042", "", "same-origin"}), 0);
    EXPECT_EQ(refusal(verb, {kJson, "pacs:8042", "", "none"}), 0);
    EXPECT_EQ(refusal(verb, {kJson, "pacs:8042", "", ""}), 0);
  }
}

TEST(PagesOfOtherSites, AreRefusedByTheirOrigin) {
  for (const char* origin :
       {"null", "http://evil.example", "http://pacs", "http://pacs:80", "http://pacs:80421",
        "http://pacs:8042.evil.example", "http://evil.example/pacs:8042", "pacs:8042", "://",
        "http://xpacs:8042", "http://evil@pacs:8042"}) {
    EXPECT_EQ(refusal(Verb::post, {kJson, "pacs:8042", origin, ""}), 403) << origin;
    EXPECT_EQ(refusal(Verb::get, {"", "pacs:8042", origin, ""}), 403) << origin;
  }
  EXPECT_EQ(refusal(Verb::post, {kJson, "", "http://", ""}), 403);
  EXPECT_EQ(refusal(Verb::post, {kJson, "pacs:8042", "http://pacs:8042", ""}), 0);
  EXPECT_EQ(refusal(Verb::post, {kJson, "PACS.hospital", "https://pacs.hospital", ""}), 0);
  EXPECT_EQ(refusal(Verb::post, {kJson, "[::1]:8042", "http://[::1]:8042", ""}), 0);
}

TEST(PagesOfOtherSites, CannotSendWhatAFormCanSend) {
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "text/plain; application/json", "application/jsonx", "application/json, text/plain",
        " application/json"}) {
    for (const Verb verb : {Verb::post, Verb::put, Verb::erase}) {
      EXPECT_EQ(refusal(verb, {type, "pacs:8042", "", ""}), 415) << type;
    }
    EXPECT_EQ(refusal(Verb::get, {type, "pacs:8042", "", ""}), 0);
  }
  for (const char* type : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                           "application/json ; charset=utf-8"}) {
    EXPECT_EQ(refusal(Verb::post, {type, "pacs:8042", "", ""}), 0) << type;
  }
}

class OtherSites : public StaffApiTest {};

TEST_F(OtherSites, ChangeNothingOnAnyRoute) {
  const std::string recipient = new_recipient();
  const std::string share = new_share(recipient);
  const std::size_t before = entries().size();
  for (const std::string& path :
       {std::string("/mask-key/rotate"), "/recipients/" + recipient + "/disable",
        "/shares/" + share + "/revoke", std::string("/nothing")}) {
    Request request = request_of(Verb::post, path);
    request.context.content_type = "text/plain";
    EXPECT_EQ(api.answer(request).status, 415) << path;
    request.context.content_type = kJson;
    request.context.origin = "https://evil.example";
    EXPECT_EQ(api.answer(request).status, 403) << path;
  }
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(get("/shares/" + share).json["Status"], "live");
}

TEST_F(OtherSites, PutNothingOnRecordInTheNameOfWhoIsLoggedIn) {
  const std::size_t before = entries().size();
  Request request = request_of(Verb::get, "/audit", "", {{"patient", "P1"}});
  request.context.fetch_site = "cross-site";
  EXPECT_EQ(api.answer(request).status, 403);
  request = request_of(Verb::get, "/tile/entries/000");
  request.context.fetch_site = "cross-site";
  EXPECT_EQ(api.show_log_file(request).status, 403);
  EXPECT_EQ(entries().size(), before);
}

}  // namespace
}  // namespace sekisho::staff
