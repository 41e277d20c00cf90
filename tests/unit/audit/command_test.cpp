// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/command.h"

#include <gtest/gtest.h>

#include <sstream>

#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
};

Ran run(const std::vector<std::string>& arguments) {
  const std::vector<std::string_view> views(arguments.begin(), arguments.end());
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run_command(views, out, err);
  return {code, out.str(), err.str()};
}

TEST(Command, MakesALogAndFindsItSound) {
  const test::Directory directory;
  const std::string data = directory.path().string();
  const Ran made = run({"init", "--data", data, "--origin", test::kOrigin});
  EXPECT_EQ(made.code, ExitCode::sound) << made.err;
  const AuditPlace place = AuditPlace::in(directory.path());
  EXPECT_NE(made.out.find(test::first_line(place.verifier_key)), std::string::npos);

  const Ran verified = run({"verify", "--data", data});
  EXPECT_EQ(verified.code, ExitCode::sound) << verified.err;
  EXPECT_EQ(verified.out.find("sound\n"), 0U);
  EXPECT_NE(verified.out.find(test::kOrigin), std::string::npos);
}

TEST(Command, TakesAKeyAsALineOrAsAFile) {
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  const test::ALog other;
  EXPECT_EQ(run({"verify", "--data", data, "--key", log.key()}).code, ExitCode::sound);
  EXPECT_EQ(run({"verify", "--key", log.place().verifier_key, "--data", data}).code,
            ExitCode::sound);
  EXPECT_EQ(run({"verify", "--data", data, "--key", other.key()}).code, ExitCode::unsound);
  EXPECT_EQ(run({"verify", "--data", data, "--key", "nonsense"}).code, ExitCode::unusable);
}

TEST(Command, ListsEveryProblem) {
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  log.open()->append(test::a_transfer());
  log.tamper("DELETE FROM audit_object");
  const Ran text = run({"verify", "--data", data});
  EXPECT_EQ(text.code, ExitCode::unsound);
  EXPECT_NE(text.out.find("PROBLEM entry 1: the index lacks a row for it\n"), std::string::npos);
  EXPECT_NE(text.out.find("NOT SOUND\n"), std::string::npos);
  const Ran json = run({"verify", "--data", data, "--json"});
  EXPECT_EQ(json.code, ExitCode::unsound);
  EXPECT_EQ(json.out.find(R"({"entries":2,"objects":5,"origin":"audit.test.example/log",)"
                          R"("problems":["entry 1: the index lacks a row for it",)"),
            0U)
      << json.out;
  EXPECT_NE(json.out.find(R"("sound":false,"unfinished":1})"), std::string::npos);
}

TEST(Command, PrintsTheHeadAsTheLogSignedIt) {
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  const std::string head = log.open()->head().checkpoint;
  const Ran printed = run({"checkpoint", "--data", data});
  EXPECT_EQ(printed.code, ExitCode::sound) << printed.err;
  EXPECT_EQ(printed.out, head);
  EXPECT_NE(run({"verify", "--data", data}).out.find("sekisho-audit checkpoint --data " + data),
            std::string::npos);
}

TEST(Command, SaysWhenItCannotTell) {
  const test::Directory empty;
  const Ran missing = run({"verify", "--data", empty.path().string()});
  EXPECT_EQ(missing.code, ExitCode::unusable);
  EXPECT_NE(missing.err, "");
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  EXPECT_EQ(run({"init", "--data", data, "--origin", "x"}).code, ExitCode::unusable);
}

TEST(Command, ShowsItsUsageForEverythingElse) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {},
           {"prune"},
           {"verify"},
           {"verify", "--data"},
           {"verify", "--data", "a", "--data", "b"},
           {"verify", "--data", "a", "--verbose"},
           {"init", "--data", "a"},
           {"init", "--data", "a", "--json"},
       }) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, ExitCode::unusable);
    EXPECT_NE(ran.err.find("usage: sekisho-audit"), std::string::npos);
    EXPECT_EQ(ran.out, "");
  }
}

}  // namespace
}  // namespace sekisho::audit
