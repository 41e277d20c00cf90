// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/export_command.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "audit/command/command.h"
#include "unit/audit/an_event.h"

namespace sekisho::audit {
namespace {

class ExportCommand : public ::testing::Test {
 protected:
  struct Ran {
    ExitCode code;
    std::string out;
    std::string err;
    std::size_t lines() const {
      return static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n'));
    }
  };
  Ran run(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"export", "--data",
                                       log_.place().database.parent_path().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::vector<std::string_view> views(arguments.begin(), arguments.end());
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code = run_command(views, out, err);
    return {code, out.str(), err.str()};
  }

  test::ALog log_;
};

TEST_F(ExportCommand, WritesEveryEntryInEveryFormat) {
  test::append_every_event(log_);
  EXPECT_EQ(run({"--format", "fhir"}).lines(), kEventCodes);
  EXPECT_EQ(run({"--format", "dicom"}).lines(), kEventCodes + 2);
  const Ran csv = run({"--format", "csv"});
  EXPECT_EQ(csv.code, ExitCode::good) << csv.err;
  EXPECT_TRUE(csv.out.starts_with("seq,time,event,"));
  EXPECT_NE(csv.out.find("'=山田"), std::string::npos);
}

TEST_F(ExportCommand, WritesWellFormedDocuments) {
  test::append_every_event(log_);
  const test::Directory directory;
  std::ofstream(directory.path() / "all.xml") << run({"--format", "dicom"}).out;
  std::ofstream(directory.path() / "all.ndjson") << run({"--format", "fhir"}).out;
  const std::string check =
      "cd " + directory.path().string() +
      " && /usr/bin/python3 -c \"import json, xml.etree.ElementTree as E;"
      " [json.loads(l) for l in open('all.ndjson', encoding='utf-8')]; E.parse('all.xml')\"";
  EXPECT_EQ(std::system(check.c_str()), 0);
}

TEST_F(ExportCommand, WritesTheRangeThatIsAskedFor) {
  {
    const auto log = log_.open();
    for (int i = 0; i < 600; ++i) log->append_later(test::a_transfer());
    log->flush();
  }
  EXPECT_EQ(run({"--format", "fhir", "--first", "3", "--last", "590"}).lines(), 588U);
  EXPECT_EQ(run({"--format", "fhir", "--first", "590"}).lines(), 11U);
  EXPECT_EQ(run({"--format", "fhir", "--last", "0"}).lines(), 1U);
  EXPECT_EQ(run({"--format", "fhir", "--first", "700"}).lines(), 0U);
  EXPECT_EQ(run({"--format", "fhir", "--from", "2026-01-31T12:00:00Z"}).lines(), 601U);
  EXPECT_EQ(run({"--format", "fhir", "--from", "2026-01-31T12:00:01Z"}).lines(), 0U);
  EXPECT_EQ(run({"--format", "fhir", "--until", "2026-01-31T12:00:00Z"}).lines(), 0U);
  EXPECT_EQ(run({"--format", "fhir", "--until", "2026-01-31T12:00:01Z"}).lines(), 601U);
}

TEST_F(ExportCommand, KeepsIdentifiersWhenItIsTold) {
  log_.open()->append(test::a_transfer("P1001", "1.2.392.1"));
  for (const char* format : {"dicom", "fhir", "csv"}) {
    EXPECT_NE(run({"--format", format}).out.find("P1001"), std::string::npos);
    const Ran hashed = run({"--format", format, "--hashed"});
    EXPECT_EQ(hashed.out.find("P1001"), std::string::npos);
    EXPECT_EQ(hashed.out.find("1.2.392.1"), std::string::npos);
  }
}

TEST_F(ExportCommand, NeedsNoSecretForHashes) {
  std::filesystem::remove(log_.place().wrapping_key);
  EXPECT_EQ(run({"--format", "csv", "--hashed"}).code, ExitCode::good);
  EXPECT_EQ(run({"--format", "csv"}).code, ExitCode::failed);
}

TEST_F(ExportCommand, RefusesWhatItDoesNotUnderstand) {
  for (const std::vector<std::string>& bad : {std::vector<std::string>{},
                                              {"--format", "xml"},
                                              {"--format", "csv", "--first", "x"},
                                              {"--format", "csv", "--last", "-1"},
                                              {"--format", "csv", "--from", "yesterday"},
                                              {"--format", "csv", "--first", "4", "--last", "3"},
                                              {"--format", "csv", "--more"}}) {
    const Ran ran = run(bad);
    EXPECT_EQ(ran.code, ExitCode::misused);
    EXPECT_NE(ran.err.find("Try 'sekisho-audit export --help'"), std::string::npos);
    EXPECT_EQ(ran.out, "");
  }
}

}  // namespace
}  // namespace sekisho::audit
