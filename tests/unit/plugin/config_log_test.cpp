// SPDX-License-Identifier: GPL-3.0-or-later
#include "config_builder.h"

namespace sekisho::plugin {
namespace {

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

TEST(ParseConfig, TheInstitutionHasANameThatAReportCanTell) {
  for (const std::string& name : {std::string(), std::string(257, 'x')}) {
    EXPECT_TRUE(only_problem_is(problems_with([&](Json::Value& s) { s["Institution"] = name; }),
                                "\"Sekisho.Institution\" must be a name"));
  }
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

}  // namespace
}  // namespace sekisho::plugin
