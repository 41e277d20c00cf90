// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/config.h"

#include <gtest/gtest.h>
#include <json/reader.h>
#include <json/writer.h>

#include <algorithm>
#include <fstream>
#include <functional>

namespace sekisho::plugin {
namespace {

using Problems = std::vector<std::string>;

constexpr const char* kGood = R"({
  "StorageDirectory": "/var/lib/orthanc/storage",
  "Sekisho": {
    "DataDirectory": "/var/lib/sekisho",
    "PublicUrl": "https://share.hospital.example",
    "Gateway": {
      "Address": "10.20.0.1", "Port": 443,
      "Certificate": "/etc/sekisho/gateway.pem", "PrivateKey": "/etc/sekisho/gateway.key"
    }
  }
})";

Json::Value good() {
  Json::Value root;
  Json::Reader().parse(kGood, root);
  return root;
}

/// Without comments: what JsonCpp 1.9.6 writes of them it does not always read again.
std::string as_orthanc_hands_it_over(const Json::Value& root) {
  Json::StreamWriterBuilder builder;
  builder["commentStyle"] = "None";
  return Json::writeString(builder, root);
}

using Change = std::function<void(Json::Value& root)>;
/// The good configuration with something changed.
std::variant<Config, Problems> parsed(const Change& change) {
  Json::Value root = good();
  change(root);
  return parse_config(as_orthanc_hands_it_over(root));
}
std::variant<Config, Problems> parsed_with(const Change& change_sekisho) {
  return parsed([&](Json::Value& root) { change_sekisho(root["Sekisho"]); });
}
Config config_with(const Change& change_sekisho) {
  auto result = parsed_with(change_sekisho);
  if (const auto* problems = std::get_if<Problems>(&result)) {
    for (const std::string& problem : *problems) ADD_FAILURE() << problem;
    return {};
  }
  return std::get<Config>(result);
}
Problems problems_with(const Change& change_sekisho) {
  auto result = parsed_with(change_sekisho);
  return std::holds_alternative<Problems>(result) ? std::get<Problems>(result) : Problems{};
}
/// True when there is exactly one problem and it names `what`.
::testing::AssertionResult only_problem_is(const Problems& problems, const std::string& what) {
  if (problems.size() == 1 && problems[0].find(what) != std::string::npos) {
    return ::testing::AssertionSuccess();
  }
  auto failure = ::testing::AssertionFailure() << problems.size() << " problems:";
  for (const std::string& problem : problems) failure << "\n  " << problem;
  return failure;
}

Json::Value list_of_two() {
  Json::Value list;
  list.append(1);
  list.append("two");
  return list;
}

Json::Value an_audit_repository() {
  Json::Value repository;
  repository["Host"] = "audit.hospital.example";
  repository["CaFile"] = "/etc/sekisho/audit-ca.pem";
  repository["CertificateFile"] = "/etc/sekisho/audit-client.pem";
  repository["KeyFile"] = "/etc/sekisho/audit-client.key";
  repository["Identifiers"] = "opened";
  return repository;
}

TEST(ParseConfig, ReadsTheShortestGoodConfiguration) {
  const Config config = config_with([](Json::Value&) {});
  EXPECT_TRUE(config.enabled);
  EXPECT_EQ(config.data_directory, "/var/lib/sekisho");
  EXPECT_EQ(config.gateway.public_url, "https://share.hospital.example");
  ASSERT_TRUE(config.gateway.tls);
  EXPECT_EQ(config.gateway.tls->address, "10.20.0.1");
  EXPECT_EQ(config.gateway.tls->port, 443);
  EXPECT_EQ(config.gateway.tls->certificate_chain.path, "/etc/sekisho/gateway.pem");
  EXPECT_EQ(config.gateway.tls->private_key.path, "/etc/sekisho/gateway.key");
  EXPECT_EQ(config.gateway.tls->private_key.setting, "\"Sekisho.Gateway.PrivateKey\"");
  EXPECT_EQ(config.gateway.tls->setting, "\"Sekisho.Gateway\"");
  EXPECT_FALSE(config.gateway.plain);
  EXPECT_EQ(config.staff.default_expiry, std::chrono::days(90));
  EXPECT_EQ(config.staff.maximum_expiry, std::chrono::days(365));
  EXPECT_EQ(config.staff.default_profile, "ps3.15-basic");
  EXPECT_EQ(config.new_log_origin, "share.hospital.example/sekisho");
  EXPECT_FALSE(config.pinned_log_origin);
  EXPECT_EQ(config.storage_fast_path, StorageFastPath::automatic);
  EXPECT_EQ(config.orthanc.storage_directory, "/var/lib/orthanc/storage");
}

TEST(ParseConfig, ReadsEverySetting) {
  const Config config = config_with([](Json::Value& s) {
    s["Enabled"] = true;
    s["PlainListener"]["UnixSocket"] = "/run/sekisho.sock";
    Json::Value& limits = s["Limits"];
    limits["HandshakeSeconds"] = 5;
    limits["HeaderSeconds"] = 6;
    limits["HeaderBytes"] = 32768;
    limits["IdleSeconds"] = 7;
    limits["StalledWriteSeconds"] = 8;
    limits["Connections"] = 9;
    limits["ConnectionsPerAddress"] = 10;
    limits["Workers"] = 11;
    s["DefaultExpiryDays"] = 14;
    s["MaximumExpiryDays"] = 30;
    s["AuditOrigin"] = "hospital.example/log";
    s["Institution"] = "関所総合病院";
    s["StorageFastPath"] = "off";
    s["AuditRepository"] = an_audit_repository();
    s["AuditRepository"]["Port"] = 7000;
    s["AuditRepository"]["EnterpriseSite"] = "Kyoto";
    s["AuditRepository"]["CheckpointMinutes"] = 60;
  });
  using std::chrono::seconds;
  EXPECT_EQ(config.gateway.plain.value().unix_socket.path, "/run/sekisho.sock");
  EXPECT_EQ(config.gateway.limits.handshake, seconds(5));
  EXPECT_EQ(config.gateway.limits.header, seconds(6));
  EXPECT_EQ(config.gateway.limits.header_bytes, 32768U);
  EXPECT_EQ(config.gateway.limits.idle, seconds(7));
  EXPECT_EQ(config.gateway.limits.stalled_write, seconds(8));
  EXPECT_EQ(config.gateway.limits.connections, 9);
  EXPECT_EQ(config.gateway.limits.connections_per_address, 10);
  EXPECT_EQ(config.gateway.limits.workers, 11);
  EXPECT_EQ(config.staff.default_expiry, std::chrono::days(14));
  EXPECT_EQ(config.staff.maximum_expiry, std::chrono::days(30));
  EXPECT_EQ(config.new_log_origin, "hospital.example/log");
  EXPECT_EQ(config.pinned_log_origin, "hospital.example/log");
  EXPECT_EQ(config.storage_fast_path, StorageFastPath::off);
  EXPECT_EQ(config.institution, "関所総合病院");
  const audit::RepositoryOptions& repository = config.audit_repository.value();
  EXPECT_EQ(repository.address.host, "audit.hospital.example");
  EXPECT_EQ(repository.address.port, 7000);
  EXPECT_EQ(repository.address.authorities.path, "/etc/sekisho/audit-ca.pem");
  EXPECT_EQ(repository.address.certificate.path, "/etc/sekisho/audit-client.pem");
  EXPECT_EQ(repository.address.private_key.path, "/etc/sekisho/audit-client.key");
  EXPECT_EQ(repository.identifiers, audit::Identifiers::opened);
  EXPECT_EQ(repository.enterprise_site, "Kyoto");
  EXPECT_EQ(repository.checkpoint_every, std::chrono::minutes(60));
}

TEST(ParseConfig, AnAuditRepositoryIsASyslogServerOverTls) {
  const Config none = config_with([](Json::Value&) {});
  EXPECT_FALSE(none.audit_repository);
  const Config config = config_with([](Json::Value& s) {
    s["AuditRepository"] = an_audit_repository();
    s["AuditRepository"]["Host"] = "2001:db8::1";
    s["AuditRepository"]["Identifiers"] = "hashed";
  });
  EXPECT_EQ(config.audit_repository.value().address.port, 6514);
  EXPECT_EQ(config.audit_repository.value().identifiers, audit::Identifiers::hashed);
  EXPECT_EQ(problems_with([](Json::Value& s) { s["AuditRepository"] = Json::objectValue; }).size(),
            5U);
  for (const auto& [key, bad] :
       std::vector<std::pair<const char*, Json::Value>>{{"Host", "two hosts"},
                                                        {"Host", "https://audit.example"},
                                                        {"Host", "audit.example:6514"},
                                                        {"Port", 0},
                                                        {"CaFile", "relative.pem"},
                                                        {"CertificateFile", 1},
                                                        {"KeyFile", true},
                                                        {"Identifiers", "plain"},
                                                        {"CheckpointMinutes", 0},
                                                        {"EnterpriseSite", 7},
                                                        {"Facility", 10}}) {
    const auto problems = problems_with([&](Json::Value& s) {
      s["AuditRepository"] = an_audit_repository();
      s["AuditRepository"][key] = bad;
    });
    EXPECT_TRUE(only_problem_is(problems, std::string("Sekisho.AuditRepository.") + key)) << key;
  }
}

TEST(ParseConfig, AnAbsentSectionIsSwitchedOff) {
  const auto result = parse_config("{}");
  ASSERT_TRUE(std::holds_alternative<Config>(result));
  EXPECT_FALSE(std::get<Config>(result).enabled);
}

TEST(ParseConfig, SwitchedOffNeedsNothingElse) {
  const auto result = parse_config(R"({"Sekisho": {"Enabled": false}})");
  ASSERT_TRUE(std::holds_alternative<Config>(result));
  EXPECT_FALSE(std::get<Config>(result).enabled);
}

TEST(ParseConfig, WhatIsNoJsonObjectIsOneProblem) {
  for (const char* text : {"", "[]", "null", "{", R"({"Sekisho": {}} trailing)",
                           R"({"Sekisho": {}, "Sekisho": {}})"}) {
    const auto result = parse_config(text);
    ASSERT_TRUE(std::holds_alternative<Problems>(result)) << text;
    EXPECT_EQ(std::get<Problems>(result).size(), 1U) << text;
  }
  const auto no_object = parse_config(R"({"Sekisho": true})");
  ASSERT_TRUE(std::holds_alternative<Problems>(no_object));
  EXPECT_TRUE(only_problem_is(std::get<Problems>(no_object), "must be an object"));
}

TEST(ParseConfig, AnEmptySectionNamesEveryMissingSettingAtOnce) {
  const auto result = parse_config(R"({"Sekisho": {}})");
  ASSERT_TRUE(std::holds_alternative<Problems>(result));
  const Problems& problems = std::get<Problems>(result);
  for (const char* key : {"DataDirectory", "PublicUrl", "Gateway"}) {
    EXPECT_EQ(std::ranges::count_if(
                  problems, [&](const auto& p) { return p.find(key) != std::string::npos; }),
              1)
        << key;
  }
  EXPECT_EQ(problems.size(), 3U);
}

TEST(ParseConfig, ReportsEveryProblemAtOnce) {
  const Problems problems = problems_with([](Json::Value& s) {
    s["DataDirectory"] = "relative";
    s["PublicUrl"] = "ftp://x";
    s["Gateway"]["Port"] = 70000;
    s["Gateway"].removeMember("PrivateKey");
    s["Bogus"] = 1;
  });
  EXPECT_EQ(problems.size(), 5U);
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

TEST(ParseConfig, RefusesUnknownKeysEverywhereAndGuessesTypos) {
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["datadirectory"] = "/x"; }),
                              R"(did you mean "DataDirectory"?)"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["Gateway"]["Prot"] = 1; }),
                              R"("Sekisho.Gateway.Prot" is not a setting; did you mean "Port"?)"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["Limits"]["Worker"] = 1; }),
                              R"(did you mean "Workers"?)"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) { s["Password"] = "x"; }),
                              R"("Sekisho.Password" is not a setting.)"));
}

TEST(ParseConfig, RefusesWrongTypesForEverySetting) {
  for (const char* key :
       {"Enabled", "DataDirectory", "PublicUrl", "Gateway", "PlainListener", "Limits",
        "DefaultExpiryDays", "MaximumExpiryDays", "DefaultProfile", "AuditOrigin",
        "AuditAnchorDirectory", "StorageFastPath", "AuditRepository", "Institution"}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s[key] = list_of_two(); }),
                                std::string("\"Sekisho.") + key + "\" must be"))
        << key;
  }
}

TEST(ParseConfig, TheInstitutionHasANameThatAReportCanTell) {
  for (const std::string& name : {std::string(), std::string(257, 'x')}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s["Institution"] = name; }),
                                "\"Sekisho.Institution\" must be a name"));
  }
}

TEST(ParseConfig, RefusesNumbersThatAreNotWholeOrOutOfRange) {
  for (const char* key : {"HandshakeSeconds", "HeaderSeconds", "HeaderBytes", "IdleSeconds",
                          "StalledWriteSeconds", "StalledReadSeconds", "ReturnMegabytes",
                          "Connections", "ConnectionsPerAddress", "Workers"}) {
    for (const Json::Value& value :
         {Json::Value(0), Json::Value(-1), Json::Value(1.5), Json::Value("1"), Json::Value(true),
          Json::Value(Json::Value::maxUInt64)}) {
      const auto problems = problems_with([&](Json::Value& s) { s["Limits"][key] = value; });
      EXPECT_TRUE(only_problem_is(problems, key)) << key << " " << value;
    }
  }
  for (int port : {-1, 65536}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s["Gateway"]["Port"] = port; }),
                                "Gateway.Port"));
  }
}

TEST(ParseConfig, PublicUrlIsAnHttpsOrigin) {
  for (const char* url : {"https://share.hospital.example", "https://share.hospital.example:8443",
                          "https://10.0.0.1", "https://[2001:db8::1]:443", "http://localhost:8080",
                          "http://127.0.0.1", "http://[::1]:9000"}) {
    EXPECT_EQ(config_with([&](Json::Value& s) { s["PublicUrl"] = url; }).gateway.public_url, url);
  }
  for (const char* url :
       {"", "share.hospital.example", "http://share.hospital.example", "https://", "https://host/",
        "https://host/path", "https://host?x", "https://user@host", "https://host:port",
        "https://host:", "https://ho st", "https://[::1", "https://[]", "HTTPS://host",
        "https://host:123456", "https://host\n", "http://127.0.0.1.evil.example"}) {
    EXPECT_TRUE(
        only_problem_is(problems_with([&](Json::Value& s) { s["PublicUrl"] = url; }), "PublicUrl"))
        << url;
  }
}

TEST(ParseConfig, TheAnchorLiesOutsideTheDataDirectory) {
  const auto with = [](const char* directory) {
    return problems_with([&](Json::Value& s) {
      s["DataDirectory"] = "/var/lib/sekisho";
      s["AuditAnchorDirectory"] = directory;
    });
  };
  EXPECT_TRUE(with("/var/lib/sekisho-anchor").empty());
  EXPECT_TRUE(with("/srv/anchor").empty());
  for (const char* inside : {"/var/lib/sekisho", "/var/lib/sekisho/anchor"}) {
    EXPECT_TRUE(only_problem_is(with(inside), "AuditAnchorDirectory")) << inside;
  }
  EXPECT_TRUE(only_problem_is(with("relative"), "AuditAnchorDirectory"));
}

TEST(ParseConfig, AuditOriginComesFromTheHostAlone) {
  EXPECT_EQ(
      config_with([](Json::Value& s) { s["PublicUrl"] = "https://h.example:8443"; }).new_log_origin,
      "h.example/sekisho");
  for (const char* origin : {"", "with space", "with+plus", "with\nnewline", "\u65e5\u672c"}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s["AuditOrigin"] = origin; }),
                                "AuditOrigin"))
        << origin;
  }
}

TEST(ParseConfig, AGatewayNeedsAnAddressAPortAndBothFiles) {
  for (const char* key : {"Address", "Port", "Certificate", "PrivateKey"}) {
    EXPECT_TRUE(
        only_problem_is(problems_with([&](Json::Value& s) { s["Gateway"].removeMember(key); }),
                        std::string("\"Sekisho.Gateway.") + key + "\" is missing"));
  }
  EXPECT_TRUE(
      only_problem_is(problems_with([](Json::Value& s) { s["Gateway"]["Address"] = "vpn0"; }),
                      "must be an IPv4 or IPv6 address"));
  EXPECT_TRUE(
      only_problem_is(problems_with([](Json::Value& s) { s["Gateway"]["Certificate"] = "a.pem"; }),
                      "must be an absolute path"));
}

TEST(ParseConfig, AMissingCertificateFileIsNotWrongAsWritten) {
  config_with([](Json::Value& s) { s["Gateway"]["Certificate"] = "/does/not/exist"; });
}

TEST(ParseConfig, ThePlainListenerStaysOnTheMachine) {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1"}) {
    const Config config = config_with([&](Json::Value& s) {
      s.removeMember("Gateway");
      s["PlainListener"]["Address"] = address;
      s["PlainListener"]["Port"] = 8080;
    });
    EXPECT_EQ(config.gateway.plain.value().address, address);
    EXPECT_FALSE(config.gateway.tls);
  }
  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) {
                                  s["PlainListener"]["Address"] = address;
                                  s["PlainListener"]["Port"] = 8080;
                                }),
                                "must be a loopback address"))
        << address;
  }
}

TEST(ParseConfig, AUnixSocketIsAnAbsolutePathThatFitsAndStandsAlone) {
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["PlainListener"]["UnixSocket"] = "x.sock"; }),
      "must be an absolute path"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["PlainListener"]["UnixSocket"] = '/' + std::string(107, 'x');
                              }),
                              "107 bytes"));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["PlainListener"]["UnixSocket"] = "/run/s.sock";
                                s["PlainListener"]["Address"] = "127.0.0.1";
                              }),
                              R"(does not go with "UnixSocket")"));
}

TEST(ParseConfig, TheDefaultExpiryFollowsAShorterMaximumButIsNotMoreByHand) {
  EXPECT_EQ(config_with([](Json::Value& s) { s["MaximumExpiryDays"] = 30; }).staff.default_expiry,
            std::chrono::days(30));
  EXPECT_TRUE(only_problem_is(problems_with([](Json::Value& s) {
                                s["MaximumExpiryDays"] = 30;
                                s["DefaultExpiryDays"] = 31;
                              }),
                              "DefaultExpiryDays"));
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

TEST(ParseConfig, ComplaintsRepeatNoValue) {
  const Problems problems = problems_with([](Json::Value& s) {
    s["DataDirectory"] = "secret-value";
    s["PublicUrl"] = "secret-value";
    s["Gateway"]["Address"] = "secret-value";
    s["DefaultProfile"] = "secret-value";
    s["AuditOrigin"] = "secret value";
    s["StorageFastPath"] = "secret-value";
  });
  EXPECT_EQ(problems.size(), 6U);
  for (const std::string& problem : problems) {
    EXPECT_EQ(problem.find("secret"), std::string::npos) << problem;
  }
}

TEST(ParseConfig, UserNamesCountWhereOrthancChecksThem) {
  const auto authenticates = [](const Change& change) {
    return std::get<Config>(parsed(change)).orthanc.authenticates_users;
  };
  EXPECT_FALSE(authenticates([](Json::Value&) {}));
  EXPECT_TRUE(authenticates([](Json::Value& root) { root["AuthenticationEnabled"] = true; }));
  EXPECT_TRUE(authenticates([](Json::Value& root) { root["RemoteAccessAllowed"] = true; }));
  EXPECT_FALSE(authenticates([](Json::Value& root) {
    root["RemoteAccessAllowed"] = true;
    root["AuthenticationEnabled"] = false;
  }));
}

TEST(ParseConfig, SeesWhetherOrthancCompressesItsFiles) {
  const auto result = parsed([](Json::Value& root) { root["StorageCompression"] = true; });
  EXPECT_TRUE(std::get<Config>(result).orthanc.storage_compression);
}

Json::Value two_witnesses() {
  Json::Value witnesses;
  Json::Reader().parse(R"({
    "Quorum": 2,
    "Members": [
      {"Url": "https://w1.example:8443/log", "CaFile": "/etc/ca.pem"},
      {"Url": "http://127.0.0.1:9000"}
    ]})",
                       witnesses);
  for (int i = 0; i < 2; ++i) {
    const std::string name = "w" + std::to_string(i + 1) + ".example";
    const core::Bytes seed(32, static_cast<core::Byte>(i + 1));
    witnesses["Members"][i]["Key"] = audit::Cosigner(name, seed).verifier().line();
  }
  return witnesses;
}
Change with_witnesses(const Change& change) {
  return [change](Json::Value& s) {
    s["Witnesses"] = two_witnesses();
    change(s["Witnesses"]);
  };
}

TEST(ParseConfig, HasNoWitnessesUnlessToldSo) {
  EXPECT_FALSE(config_with([](Json::Value&) {}).witnesses);
}

TEST(ParseConfig, ReadsWitnesses) {
  const auto usual = config_with(with_witnesses([](Json::Value&) {})).witnesses;
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->quorum, 2U);
  ASSERT_EQ(usual->members.size(), 2U);
  EXPECT_EQ(usual->members[0].key.name(), "w1.example");
  EXPECT_EQ(usual->members[0].url, "https://w1.example:8443/log");
  EXPECT_EQ(usual->members[0].ca_file.path, "/etc/ca.pem");
  EXPECT_EQ(usual->longest, std::chrono::minutes(60));
  EXPECT_EQ(usual->interval, std::chrono::seconds(60));
  EXPECT_EQ(usual->when_unwitnessed, WhenUnwitnessed::tell);
  const auto strict = config_with(with_witnesses([](Json::Value& w) {
                        w["FailClosed"] = true;
                        w["MaxUnwitnessedMinutes"] = 5;
                        w["IntervalSeconds"] = 10;
                      })).witnesses;
  EXPECT_EQ(strict->when_unwitnessed, WhenUnwitnessed::shut);
  EXPECT_EQ(strict->longest, std::chrono::minutes(5));
  EXPECT_EQ(strict->interval, std::chrono::seconds(10));
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

TEST(ParseConfig, RefusesWitnessesThatWouldNotDo) {
  struct {
    const char* what;
    Change change;
  } const wrong[] = {
      {"Witnesses.Quorum\" must lie between 1 and 2", [](Json::Value& w) { w["Quorum"] = 3; }},
      {"Witnesses.Quorum\" must lie", [](Json::Value& w) { w["Quorum"] = 0; }},
      {"Witnesses.Quorum\" is missing", [](Json::Value& w) { w.removeMember("Quorum"); }},
      {"Witnesses.Members\" must be a list",
       [](Json::Value& w) {
         w["Members"] = Json::objectValue;
         w["Quorum"] = 1;
       }},
      {"Members[1].Key\" names a witness that stands",
       [](Json::Value& w) { w["Members"][1]["Key"] = w["Members"][0]["Key"]; }},
      {"Members[0].Key\" is not the verifier key",
       [](Json::Value& w) {
         w["Members"][0]["Key"] = audit::NoteSigner("x", core::Bytes(32, 1)).verifier().line();
       }},
      {"Members[0].Key\" is missing", [](Json::Value& w) { w["Members"][0].removeMember("Key"); }},
      {"Members[0].Url\" is missing", [](Json::Value& w) { w["Members"][0].removeMember("Url"); }},
      {"Members[1].Url\" must be https",
       [](Json::Value& w) { w["Members"][1]["Url"] = "http://w2.example"; }},
      {"Members[1].Url\" must be https",
       [](Json::Value& w) { w["Members"][1]["Url"] = "https://w2.example/?x=y"; }},
      {"Members[1].Url\" must be https",
       [](Json::Value& w) { w["Members"][1]["Url"] = "file:///etc/passwd"; }},
      {"Members[1].CaFile\" must be an absolute path",
       [](Json::Value& w) { w["Members"][1]["CaFile"] = "ca.pem"; }},
      {"did you mean \"CaFile\"", [](Json::Value& w) { w["Members"][1]["CaFil"] = "/ca.pem"; }},
      {"did you mean \"FailClosed\"", [](Json::Value& w) { w["Failclosed"] = true; }},
      {"IntervalSeconds\" is longer",
       [](Json::Value& w) {
         w["IntervalSeconds"] = 61;
         w["MaxUnwitnessedMinutes"] = 1;
       }},
  };
  for (const auto& [what, change] : wrong) {
    EXPECT_TRUE(only_problem_is(problems_with(with_witnesses(change)), what));
  }
}

TEST(ParseConfig, TheExampleIsGood) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/orthanc-config/sekisho.json");
  Json::CharReaderBuilder builder;
  builder["collectComments"] = false;  // Orthanc hands its configuration over without
  Json::Value root;
  ASSERT_TRUE(Json::parseFromStream(builder, file, &root, nullptr));
  const auto result = parse_config(as_orthanc_hands_it_over(root));
  ASSERT_TRUE(std::holds_alternative<Config>(result));
  EXPECT_EQ(std::get<Config>(result).data_directory, "/var/lib/sekisho");
}

TEST(ParseConfig, TheProfilesOfTheExampleAreGoodOnceTheyAreNoComment) {
  std::ifstream file(SEKISHO_SOURCE_DIR "/orthanc-config/sekisho.json");
  constexpr std::string_view kComment = "    // ";
  std::string json;
  for (std::string line; std::getline(file, line);) {
    const std::string bare = line.starts_with(kComment) ? line.substr(kComment.size()) : "";
    if (json.empty() && bare != R"("Profiles": {)") continue;
    json += json.empty() ? "{" : bare;
    if (bare == "},") break;
  }
  ASSERT_TRUE(json.ends_with("},")) << json;
  json.pop_back();
  const auto read = anonymization::ProfileCatalogue::read(json);
  const auto* catalogue = std::get_if<anonymization::ProfileCatalogue>(&read);
  ASSERT_NE(catalogue, nullptr) << std::get<std::vector<std::string>>(read).front();
  EXPECT_TRUE(catalogue->has("teaching"));
}

TEST(ParseConfig, TheExampleShowsTheDefaultLimits) {
  const gateway::Limits shown =
      config_with([](Json::Value& s) {
        std::ifstream file(SEKISHO_SOURCE_DIR "/orthanc-config/sekisho.json");
        Json::Value example;
        file >> example;
        s["Limits"] = example["Sekisho"]["Limits"];
      }).gateway.limits;
  const gateway::Limits limits;
  EXPECT_EQ(shown.handshake, limits.handshake);
  EXPECT_EQ(shown.header, limits.header);
  EXPECT_EQ(shown.header_bytes, limits.header_bytes);
  EXPECT_EQ(shown.idle, limits.idle);
  EXPECT_EQ(shown.stalled_write, limits.stalled_write);
  EXPECT_EQ(shown.connections, limits.connections);
  EXPECT_EQ(shown.connections_per_address, limits.connections_per_address);
  EXPECT_EQ(shown.workers, limits.workers);
}

}  // namespace
}  // namespace sekisho::plugin
