// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/config.h"

#include <algorithm>

#include "config_builder.h"

namespace sekisho::plugin {
namespace {

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
  EXPECT_FALSE(config.client_authorities);
  EXPECT_EQ(config.staff.default_expiry, std::chrono::days(90));
  EXPECT_EQ(config.staff.maximum_expiry, std::chrono::days(365));
  EXPECT_EQ(config.staff.default_profile, "ps3.15-basic");
  EXPECT_EQ(config.new_log_origin, "share.hospital.example/sekisho");
  EXPECT_FALSE(config.pinned_log_origin);
  EXPECT_EQ(config.memory.all_bytes, 512ULL << 20);
  EXPECT_EQ(config.storage_fast_path, StorageFastPath::automatic);
  EXPECT_EQ(config.orthanc.storage_directory, "/var/lib/orthanc/storage");
}

TEST(ParseConfig, WantsRevocationListsWithAuthoritiesOfClients) {
  const auto with = [](Json::Value& s) -> Json::Value& {
    return s["Gateway"]["ClientCertificates"];
  };
  const Config config = config_with([&](Json::Value& s) {
    with(s)["CaFile"] = "/etc/sekisho/authorities.pem";
    with(s)["CrlPath"] = "/etc/sekisho/lists";
  });
  ASSERT_TRUE(config.client_authorities);
  EXPECT_EQ(config.client_authorities->authorities.path, "/etc/sekisho/authorities.pem");
  EXPECT_EQ(config.client_authorities->authorities.setting,
            "\"Sekisho.Gateway.ClientCertificates.CaFile\"");
  EXPECT_EQ(config.client_authorities->revocation_lists.path, "/etc/sekisho/lists");
  EXPECT_TRUE(only_problem_is(
      problems_with([&](Json::Value& s) { with(s)["CaFile"] = "/etc/sekisho/authorities.pem"; }),
      "ClientCertificates.CrlPath"));
  EXPECT_TRUE(only_problem_is(
      problems_with([&](Json::Value& s) { with(s)["CrlPath"] = "/etc/sekisho/lists"; }),
      "ClientCertificates.CaFile"));
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
    limits["ReturnMegabytes"] = 12;
    limits["SpoolMegabytesPerRecipient"] = 13;
    limits["SpoolMegabytes"] = 14;
    limits["SpoolFreeMegabytes"] = 0;
    s["SpoolDirectory"] = "/srv/spool";
    s["AuditReserveMegabytes"] = 15;
    s["DefaultExpiryDays"] = 14;
    s["MaximumExpiryDays"] = 30;
    s["AuditOrigin"] = "hospital.example/log";
    s["Institution"] = "関所総合病院";
    s["MemoryMegabytes"] = 2048;
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
  EXPECT_EQ(config.gateway.limits.body_bytes, 12U << 20);
  EXPECT_EQ(config.gateway.limits.spool_bytes_per_recipient, 13U << 20);
  EXPECT_EQ(config.gateway.limits.spool_bytes, 14U << 20);
  EXPECT_EQ(config.gateway.limits.spool_bytes_left_free, 0U);
  EXPECT_EQ(config.spool_directory, "/srv/spool");
  EXPECT_EQ(config.audit_reserve_bytes, 15U << 20);
  EXPECT_EQ(config.staff.default_expiry, std::chrono::days(14));
  EXPECT_EQ(config.staff.maximum_expiry, std::chrono::days(30));
  EXPECT_EQ(config.new_log_origin, "hospital.example/log");
  EXPECT_EQ(config.pinned_log_origin, "hospital.example/log");
  EXPECT_EQ(config.memory.all_bytes, 2048ULL << 20);
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
  for (const char* key : {"Enabled",
                          "DataDirectory",
                          "PublicUrl",
                          "Gateway",
                          "PlainListener",
                          "Limits",
                          "DefaultExpiryDays",
                          "MaximumExpiryDays",
                          "DefaultProfile",
                          "AuditOrigin",
                          "AuditAnchorDirectory",
                          "MemoryMegabytes",
                          "SpoolDirectory",
                          "AuditReserveMegabytes",
                          "StorageFastPath",
                          "AuditRepository",
                          "Institution",
                          "Contact",
                          "AllowedOrigins",
                          "Sharing"}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s[key] = list_of_two(); }),
                                std::string("\"Sekisho.") + key + "\" must be"))
        << key;
  }
}

TEST(ParseConfig, RefusesNumbersThatAreNotWholeOrOutOfRange) {
  for (const char* key :
       {"HandshakeSeconds", "HeaderSeconds", "HeaderBytes", "IdleSeconds", "StalledWriteSeconds",
        "StalledReadSeconds", "ReturnMegabytes", "SpoolMegabytes", "SpoolMegabytesPerRecipient",
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

TEST(ParseConfig, WhoAllowsLargeReturnsNeedsNoOtherSetting) {
  const Config config = config_with([](Json::Value& s) { s["Limits"]["ReturnMegabytes"] = 16384; });
  EXPECT_EQ(config.gateway.limits.spool_bytes_per_recipient, 16384ULL << 20);
  EXPECT_EQ(config.gateway.limits.spool_bytes, 16384ULL << 20);
  EXPECT_FALSE(config.spool_directory);
}

TEST(ParseConfig, OneReturnMustFindRoom) {
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["Limits"]["SpoolMegabytesPerRecipient"] = 1023; }),
      "is less than \"ReturnMegabytes\""));
  EXPECT_TRUE(
      only_problem_is(problems_with([](Json::Value& s) { s["Limits"]["SpoolMegabytes"] = 2047; }),
                      "is less than \"SpoolMegabytesPerRecipient\""));
  EXPECT_TRUE(only_problem_is(
      problems_with([](Json::Value& s) { s["SpoolDirectory"] = s["DataDirectory"]; }),
      "SpoolDirectory"));
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

}  // namespace
}  // namespace sekisho::plugin
