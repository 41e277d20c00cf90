// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "api_fixture.h"
#include "support/certificates.h"

namespace sekisho::staff {
namespace {

class StaffRepetition : public StaffApiTest {
 protected:
  static Request keyed(const std::string& path, const std::string& body,
                       const std::string& key = "8e03978e-40d5-43e8-bc93-6894a57f9324") {
    Request request = request_of(Verb::post, path, body);
    request.idempotency_key = key;
    return request;
  }
  /// What is left of the answer of a creation when the thing is asked for: no secrets, no warnings.
  static Json::Value without_secrets(Json::Value json) {
    for (const char* secret : {"Link", "LinkToken", "HowToOpen", "Token", "LookAlikes"}) {
      json.removeMember(secret);
    }
    return json;
  }
  static constexpr const char* kRecipient = R"({"Name":"a","Networks":["10.20.0.0/24"]})";
};

TEST_F(StaffRepetition, OfACreationMakesNoSecondThing) {
  const std::string recipient = new_recipient();
  Json::Value pem;
  pem["Pem"] = tests::make_certificate().pem;
  const std::pair<std::string, std::string> creations[] = {
      {"/recipients", kRecipient},
      {"/recipients/" + recipient + "/tokens", R"({"Name":"viewer"})"},
      {"/recipients/" + recipient + "/certificates", to_text(pem)},
      {"/shares", to_text(share_body(recipient))}};
  for (const auto& [path, body] : creations) {
    const Request request = keyed(path, body, "key-for" + path);
    const Answer first = answer_to(request);
    ASSERT_EQ(first.status, 201) << path << details(first);
    const std::size_t before = entries().size();
    const Answer again = answer_to(request);
    EXPECT_EQ(again.status, 200) << path;
    Json::Value wanted = without_secrets(first.json);
    wanted["Replayed"] = true;
    EXPECT_EQ(again.json, wanted) << path;
    EXPECT_EQ(again.location, first.location);
    EXPECT_EQ(entries().size(), before) << path;
  }
  EXPECT_EQ(get("/recipients").json["Recipients"].size(), 2U);
  EXPECT_EQ(get("/recipients/" + recipient + "/tokens").json["Tokens"].size(), 1U);
  EXPECT_EQ(get("/shares").json["Shares"].size(), 1U);
}

TEST_F(StaffRepetition, IsKnownHoweverTheBodyIsLaidOut) {
  const Answer first = answer_to(keyed("/recipients", kRecipient));
  const Answer again =
      answer_to(keyed("/recipients", R"({ "Networks": ["10.20.0.0/24"], "Name": "a" })"));
  EXPECT_EQ(again.json["ID"], first.json["ID"]);
}

TEST_F(StaffRepetition, WithAnotherBodyOrPathIs422) {
  const std::string recipient = new_recipient();
  answer_to(keyed("/recipients", kRecipient));
  const std::size_t before = entries().size();
  EXPECT_EQ(answer_to(keyed("/recipients", R"({"Name":"b","Networks":["10.20.0.0/24"]})")).status,
            422);
  EXPECT_EQ(answer_to(keyed("/shares", to_text(share_body(recipient)))).status, 422);
  EXPECT_EQ(entries().size(), before);
}

TEST_F(StaffRepetition, BySomebodyElseIsAnotherCall) {
  const std::string tokens = "/recipients/" + new_recipient() + "/tokens";
  Request request = keyed(tokens, R"({"Name":"viewer"})");
  const Answer first = answer_to(request);
  request.caller.name = "suzuki";
  const Answer second = answer_to(request);
  EXPECT_EQ(second.status, 201);
  EXPECT_NE(second.json["ID"], first.json["ID"]);
}

TEST_F(StaffRepetition, AfterADayIsANewCall) {
  const Request request =
      keyed("/recipients/" + new_recipient() + "/tokens", R"({"Name":"viewer"})");
  answer_to(request);
  now += std::chrono::hours(24) - std::chrono::seconds(1);
  EXPECT_EQ(answer_to(request).status, 200);
  now += std::chrono::seconds(1);
  EXPECT_EQ(answer_to(request).status, 201);
}

TEST_F(StaffRepetition, OfWhatWasRefusedIsTriedAgain) {
  const std::string unknown = R"({"Name":"a","Networks":["10.20.0.0/33"]})";
  EXPECT_EQ(answer_to(keyed("/recipients", unknown)).status, 400);
  EXPECT_EQ(answer_to(keyed("/recipients", kRecipient)).status, 201);
}

TEST_F(StaffRepetition, ShowsTheThingAsItIsNow) {
  const std::string recipient = new_recipient();
  const Request request = keyed("/shares", to_text(share_body(recipient)));
  const std::string id = answer_to(request).json["ID"].asString();
  post("/shares/" + id + "/revoke");
  EXPECT_EQ(answer_to(request).json["Status"], "revoked");
}

TEST_F(StaffRepetition, OfTheCreationOfACertificateThatIsGoneMakesNone) {
  const std::string base = "/recipients/" + new_recipient() + "/certificates";
  Json::Value pem;
  pem["Pem"] = tests::make_certificate().pem;
  const Request request = keyed(base, to_text(pem));
  call(Verb::erase, base + '/' + answer_to(request).json["ID"].asString());
  EXPECT_EQ(answer_to(request).status, 404);
  EXPECT_TRUE(get(base).json["Certificates"].empty());
}

TEST_F(StaffRepetition, OfAKeyThatIsNoneIs400) {
  for (const std::string& key :
       {std::string(256, 'a'), std::string("a b"), std::string("\xC3\xA4")}) {
    EXPECT_EQ(answer_to(keyed("/recipients", kRecipient, key)).status, 400) << key;
  }
  EXPECT_TRUE(get("/recipients").json["Recipients"].empty());
}

TEST_F(StaffRepetition, OfOtherCallsNeedsNoKey) {
  const std::string path = "/recipients/" + new_recipient() + "/disable";
  EXPECT_EQ(answer_to(keyed(path, "{}")).status, 200);
  EXPECT_EQ(answer_to(keyed(path, "{}")).status, 200);
}

TEST_F(StaffRepetition, WhatIsMadeIsWhereItsLocationSays) {
  const std::string recipient = new_recipient();
  Json::Value pem;
  pem["Pem"] = tests::make_certificate().pem;
  for (const Answer& made : {post("/recipients", kRecipient),
                             post("/recipients/" + recipient + "/tokens", R"({"Name":"viewer"})"),
                             post_json("/recipients/" + recipient + "/certificates", pem),
                             post_json("/shares", share_body(recipient))}) {
    ASSERT_TRUE(made.location.starts_with("/sekisho/api/")) << made.location;
    const Answer found = get(made.location.substr(std::string("/sekisho/api").size()));
    EXPECT_EQ(found.json, without_secrets(made.json));
  }
}

TEST_F(StaffRepetition, OfAGetIsShortWhileNothingChanges) {
  const std::string path = "/recipients/" + new_recipient();
  const Answer first = get(path);
  ASSERT_EQ(first.tag.size(), 34U) << first.tag;
  Request request = request_of(Verb::get, path);
  for (const std::string& tags :
       {first.tag, "W/" + first.tag, "\"x\", " + first.tag, std::string("*")}) {
    request.if_none_match = tags;
    const Answer again = answer_to(request);
    EXPECT_EQ(again.status, 304) << tags;
    EXPECT_EQ(again.tag, first.tag);
  }
  request.if_none_match = "\"x\"";
  EXPECT_EQ(answer_to(request).status, 200);
  post(path + "/disable");
  request.if_none_match = first.tag;
  EXPECT_EQ(answer_to(request).status, 200);
}

}  // namespace
}  // namespace sekisho::staff
