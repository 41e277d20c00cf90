// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_builder.h"

namespace sekisho::plugin {
namespace {

TEST(ParseConfig, TheDefaultExpiryFollowsAShorterMaximumButIsNotMoreByHand) {
  EXPECT_EQ(config_with([](Json::Value& s) { s["MaximumExpiryDays"] = 30; }).staff.default_expiry,
            std::chrono::days(30));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["MaximumExpiryDays"] = 30;
                                s["DefaultExpiryDays"] = 31;
                              }),
                              "DefaultExpiryDays"));
}

TEST(ParseConfig, DemandsApprovalsAndHoldsSharesBackWhereThatIsAskedFor) {
  const auto alone = config_with([](Json::Value&) {}).staff;
  EXPECT_FALSE(alone.requires_approval);
  EXPECT_EQ(alone.undo_window, std::chrono::seconds(0));
  const auto set = config_with([](Json::Value& s) {
                     s["Sharing"]["RequireApproval"] = true;
                     s["Sharing"]["UndoWindowSeconds"] = 60;
                   }).staff;
  EXPECT_TRUE(set.requires_approval);
  EXPECT_EQ(set.undo_window, std::chrono::seconds(60));
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, Json::Value>>{{"RequireApproval", "yes"},
                                                        {"UndoWindowSeconds", -1},
                                                        {"UndoWindowSeconds", 86401},
                                                        {"RequireConsentt", true}}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s["Sharing"][key] = value; }),
                                "Sharing." + key))
        << key;
  }
}

TEST(ParseConfig, TakesProfilesOfItsOwnAndNamesWhatIsWrongWithOne) {
  const auto set = [](const char* json) {
    return [json](Json::Value& s) { Json::Reader().parse(json, s["Profiles"]); };
  };
  const Config config = config_with([&](Json::Value& s) {
    set(R"({"teaching": {"Base": "ps3.15-basic",
            "Rules": [{"Element": "StudyDescription", "Action": "Keep"}]}})")(s);
    s["DefaultProfile"] = "teaching";
  });
  EXPECT_TRUE(config.staff.profiles.has("teaching"));
  EXPECT_EQ(config.staff.default_profile, "teaching");
  const Problems problems = problems_with(set(
      R"({"teaching": {"Base": "none", "Rules": [{"Element": "Nonsense", "Action": "Hide"}]}})"));
  ASSERT_EQ(problems.size(), 3U);
  EXPECT_NE(problems[0].find("Profiles.teaching.Base"), std::string::npos);
  EXPECT_NE(problems[1].find("Profiles.teaching.Rules[0].Action"), std::string::npos);
  EXPECT_NE(problems[2].find("Profiles.teaching.Rules[0].Element"), std::string::npos);
}

TEST(ParseConfig, TheDefaultProfileMasks) {
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["DefaultProfile"] = "none"; }),
                              "must not be \"none\""));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["DefaultProfile"] = "basic"; }),
                              "is not the name of a mask profile"));
}

TEST(ParseConfig, TakesARuleAboutPixelsAndNamesWhatIsWrongWithOne) {
  const auto with_action = [](const char* action) {
    return [action](Json::Value& s) {
      Json::Value rule;
      rule["Modality"] = "US";
      rule["Action"] = action;
      s["PixelPolicy"]["Rules"].append(rule);
    };
  };
  EXPECT_EQ(config_with(with_action("KeepUltrasoundRegions")).pixel_policy.rules.size(), 1U);
  EXPECT_TRUE(only_problem_is(problems_with(with_action("Erase")),
                              "Sekisho.PixelPolicy.Rules[0].Action must be"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["PixelPolicy"] = 7; }),
                              "must be a JSON object"));
}

TEST(ParseConfig, TellsStaffWhatTheyShareWithTheOtherParts) {
  const staff::Options alone = config_with([](Json::Value&) {}).staff;
  EXPECT_EQ(alone.public_url, "https://share.hospital.example");
  EXPECT_FALSE(alone.witnesses);
  const staff::Options staff =
      config_with([](Json::Value& s) {
        s["Witnesses"] = two_witnesses();
        Json::Reader().parse(R"({"Rules":[{"Modality":"US","Action":"KeepUltrasoundRegions"}]})",
                             s["PixelPolicy"]);
      }).staff;
  EXPECT_EQ(staff.pixel_policy.rules.size(), 1U);
  EXPECT_EQ(staff.witnesses.value().keys.size(), 2U);
  EXPECT_EQ(staff.witnesses->quorum, 2U);
}

TEST(ParseConfig, MailLeavesByAServerOverTls) {
  EXPECT_FALSE(config_with([](Json::Value&) {}).mail);
  const auto with = [](const Change& change) {
    return config_with([&](Json::Value& s) {
             s["Institution"] = "関所総合病院";
             s["Mail"] = a_mail_server();
             change(s["Mail"]);
           })
        .mail.value();
  };
  const mail::Options usual = with([](Json::Value&) {});
  EXPECT_EQ(usual.port, 587);
  EXPECT_EQ(usual.tls, outbound::MailTls::starttls);
  EXPECT_EQ(usual.sender.address, "sekisho@hospital.example");
  EXPECT_EQ(usual.sender.name, "関所総合病院");
  EXPECT_EQ(with([](Json::Value& m) { m["Tls"] = "implicit"; }).port, 465);
  const mail::Options all = with([](Json::Value& m) {
    m["Port"] = 2525;
    m["CaFile"] = "/etc/sekisho/mail-ca.pem";
    m["User"] = "sekisho";
    m["PasswordFile"] = "/etc/sekisho/mail-password";
  });
  EXPECT_EQ(all.port, 2525);
  EXPECT_EQ(all.user, "sekisho");
  EXPECT_EQ(all.password_file.path, "/etc/sekisho/mail-password");
}

TEST(ParseConfig, AMailServerThatCannotBeMeantIsAProblem) {
  EXPECT_EQ(problems_with([](Json::Value& s) { s["Mail"] = Json::objectValue; }).size(), 2U);
  for (const auto& [key, bad] :
       std::vector<std::pair<const char*, Json::Value>>{{"Host", "smtp://mail.example"},
                                                        {"Host", "two hosts"},
                                                        {"Port", 0},
                                                        {"From", "Hospital <a@b.example>"},
                                                        {"From", "a@b.example\r\nBcc: x@y.example"},
                                                        {"Tls", "none"},
                                                        {"Tls", "plain"},
                                                        {"CaFile", "relative.pem"},
                                                        {"User", "sekisho"},
                                                        {"PasswordFile", "/etc/password"},
                                                        {"Password", "inline"}}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) {
                                  s["Mail"] = a_mail_server();
                                  s["Mail"][key] = bad;
                                }),
                                key == std::string("PasswordFile") ? "User" : key))
        << key;
  }
}

TEST(ParseConfig, WhatComesBackGoesIntoTheArchiveAtOnceUnlessSaidOtherwise) {
  EXPECT_FALSE(config_with([](Json::Value&) {}).returns);
  const auto with = [](const Change& change) {
    return config_with([&](Json::Value& s) {
             s["Returns"] = Json::objectValue;
             change(s["Returns"]);
           })
        .returns.value();
  };
  const ReturnsOptions usual = with([](Json::Value&) {});
  EXPECT_FALSE(usual.scanner);
  EXPECT_EQ(usual.inspector.rules.otherwise, returns::Fate::release);
  EXPECT_EQ(usual.inspector.keep, std::chrono::days(30));
  const ReturnsOptions all = with([](Json::Value& r) {
    r["Scanner"]["Socket"] = "/run/clamav/clamd.ctl";
    r["Scanner"]["Seconds"] = 5;
    r["Scanner"]["StreamMegabytes"] = 100;
    r["Otherwise"] = "hold";
    r["Rules"][0]["SopClass"] = "1.2.840.10008.5.1.4.1.1.88.11";
    r["Rules"][0]["Recipient"] = std::string(32, 'a');
    r["Rules"][0]["Then"] = "release";
    r["Megabytes"] = 10;
    r["Objects"] = 20;
  });
  EXPECT_EQ(all.scanner.value().socket, "/run/clamav/clamd.ctl");
  EXPECT_EQ(all.scanner->longest, std::chrono::seconds(5));
  EXPECT_EQ(all.scanner->stream_bytes, 100U << 20U);
  EXPECT_EQ(all.inspector.rules.otherwise, returns::Fate::hold);
  ASSERT_EQ(all.inspector.rules.rules.size(), 1U);
  EXPECT_EQ(all.inspector.rules.rules[0].recipient->text(), std::string(32, 'a'));
  EXPECT_EQ(all.inspector.rules.rules[0].fate, returns::Fate::release);
  EXPECT_EQ(all.room.bytes, 10U << 20U);
  EXPECT_EQ(all.room.objects, 20U);
}

TEST(ParseConfig, ARuleForReturnsThatCannotBeMeantIsAProblem) {
  for (const auto& [key, bad] :
       std::vector<std::pair<const char*, Json::Value>>{{"Recipient", "Dr. Kobayashi"},
                                                        {"Share", "1"},
                                                        {"SopClass", "PDF"},
                                                        {"Then", "delete"},
                                                        {"Patient", "P1"}}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) {
                                  s["Returns"]["Rules"][0]["Then"] = "hold";
                                  s["Returns"]["Rules"][0][key] = bad;
                                }),
                                key))
        << key;
  }
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["Returns"]["Scanner"] = Json::objectValue; }),
      "Socket"));
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["Returns"]["Scanner"]["Socket"] = "clamd.ctl"; }),
      "Socket"));
}

Json::Value a_provider() {
  Json::Value provider;
  provider["Issuer"] = "https://id.region.example/realm";
  provider["ClientId"] = "sekisho";
  provider["Name"] = "Northern Medical ID";
  return provider;
}

TEST(ParseConfig, PeopleMaySignInAtAnIdentityProvider) {
  EXPECT_FALSE(config_with([](Json::Value&) {}).openid);
  const Config usual = config_with([](Json::Value& s) { s["OpenId"] = a_provider(); });
  EXPECT_EQ(usual.openid->issuer, "https://id.region.example/realm");
  EXPECT_EQ(usual.openid->redirect_uri, "https://share.hospital.example/api/session/openid/return");
  EXPECT_EQ(usual.openid->scopes, std::vector<std::string>{"openid"});
  EXPECT_TRUE(usual.openid->two_factor_acrs.empty());
  EXPECT_TRUE(usual.openid->client_secret_file.path.empty());
  EXPECT_EQ(usual.staff.identity_issuer, usual.openid->issuer);
  const auto all = config_with([](Json::Value& s) {
                     s["OpenId"] = a_provider();
                     s["OpenId"]["ClientSecretFile"] = "/etc/sekisho/openid-secret";
                     s["OpenId"]["CaFile"] = "/etc/sekisho/id-ca.pem";
                     s["OpenId"]["Scopes"].append("openid");
                     s["OpenId"]["Scopes"].append("profile");
                     s["OpenId"]["TwoFactorAcrs"].append("urn:two");
                     s["OpenId"]["TwoFactorAmrs"].append("mfa");
                   }).openid.value();
  EXPECT_EQ(all.client_secret_file.path, "/etc/sekisho/openid-secret");
  EXPECT_EQ(all.client_secret_file.setting, "\"Sekisho.OpenId.ClientSecretFile\"");
  EXPECT_EQ(all.ca_file.path, "/etc/sekisho/id-ca.pem");
  EXPECT_EQ(all.scopes, (std::vector<std::string>{"openid", "profile"}));
  EXPECT_EQ(all.two_factor_acrs, std::vector<std::string>{"urn:two"});
  EXPECT_EQ(all.two_factor_amrs, std::vector<std::string>{"mfa"});
}

TEST(ParseConfig, AnIdentityProviderThatCannotBeMeantIsAProblem) {
  EXPECT_EQ(problems_with([](Json::Value& s) { s["OpenId"] = Json::objectValue; }).size(), 3U);
  Json::Value without_openid;
  without_openid.append("profile");
  Json::Value with_space = without_openid;
  with_space[0] = "openid profile";
  with_space.append("openid");
  for (const auto& [key, bad] : std::vector<std::pair<const char*, Json::Value>>{
           {"Issuer", "http://id.region.example"},
           {"Issuer", "http://127.0.0.1:9000"},
           {"Issuer", "https://id.region.example?tenant=1"},
           {"Issuer", "https://user@id.region.example"},
           {"Issuer", "id.region.example"},
           {"ClientId", ""},
           {"ClientId", "two words"},
           {"Name", ""},
           {"Name", "two\nlines"},
           {"Scopes", without_openid},
           {"Scopes", with_space},
           {"TwoFactorAcrs", with_space},
           {"TwoFactorAmrs", "mfa"},
           {"CaFile", "relative.pem"},
           {"ClientSecretFile", "secret"},
           {"ClientSecret", "inline"},
           {"RecipientClaim", "org"}}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) {
                                  s["OpenId"] = a_provider();
                                  s["OpenId"][key] = bad;
                                }),
                                key))
        << key;
  }
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["OpenId"] = a_provider();
                                s["Limits"]["Workers"] = 3;
                              }),
                              "OpenId"));
}

}  // namespace
}  // namespace sekisho::plugin
