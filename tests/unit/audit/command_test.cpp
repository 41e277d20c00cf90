// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/command.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
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
  EXPECT_EQ(made.code, ExitCode::good) << made.err;
  const AuditPlace place = AuditPlace::in(directory.path());
  EXPECT_NE(made.out.find(test::first_line(place.verifier_key)), std::string::npos);

  const Ran verified = run({"verify", "--data", data});
  EXPECT_EQ(verified.code, ExitCode::good) << verified.err;
  EXPECT_EQ(verified.out.find("sound\n"), 0U);
  EXPECT_NE(verified.out.find(test::kOrigin), std::string::npos);
}

TEST(Command, TakesAKeyAsALineOrAsAFile) {
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  const test::ALog other;
  EXPECT_EQ(run({"verify", "--data", data, "--key", log.key()}).code, ExitCode::good);
  EXPECT_EQ(run({"verify", "--key", log.place().verifier_key, "--data", data}).code,
            ExitCode::good);
  EXPECT_EQ(run({"verify", "--data", data, "--key", other.key()}).code, ExitCode::failed);
  EXPECT_EQ(run({"verify", "--data", data, "--key", "nonsense"}).code, ExitCode::failed);
}

TEST(Command, ListsEveryProblem) {
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  log.open()->append(test::a_transfer());
  log.tamper("DELETE FROM audit_object");
  const Ran text = run({"verify", "--data", data});
  EXPECT_EQ(text.code, ExitCode::failed);
  EXPECT_NE(text.out.find("PROBLEM entry 1: the index lacks a row for it\n"), std::string::npos);
  EXPECT_NE(text.out.find("NOT SOUND\n"), std::string::npos);
  const Ran json = run({"verify", "--data", data, "--json"});
  EXPECT_EQ(json.code, ExitCode::failed);
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
  EXPECT_EQ(printed.code, ExitCode::good) << printed.err;
  EXPECT_EQ(printed.out, head);
  EXPECT_NE(run({"verify", "--data", data}).out.find("sekisho-audit checkpoint --data " + data),
            std::string::npos);
}

TEST(Command, SaysWhenItCannotTell) {
  const test::Directory empty;
  const Ran missing = run({"verify", "--data", empty.path().string()});
  EXPECT_EQ(missing.code, ExitCode::failed);
  EXPECT_NE(missing.err, "");
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  EXPECT_EQ(run({"init", "--data", data, "--origin", "x"}).code, ExitCode::failed);
}

TEST(Command, AsksBeforeItHoldsAPatientWhomTheLogDoesNotKnow) {
  const test::ALog log;
  log.open()->append(test::a_transfer("P1001"));
  const auto hold = [&](const std::string& patient, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"hold",   "--data",  log.place().database.parent_path(),
                                          "--case", "court/7", "--patient",
                                          patient};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  const Ran known = hold("P1001", {});
  EXPECT_EQ(known.code, ExitCode::good) << known.err;
  EXPECT_NE(known.out.find("covers 1 entry "), std::string::npos) << known.out;
  const Ran mistyped = hold("P1O01", {});
  EXPECT_EQ(mistyped.code, ExitCode::failed);
  EXPECT_NE(mistyped.out.find("--even-if-none"), std::string::npos) << mistyped.out;
  EXPECT_EQ(hold("P1O01", {"--even-if-none"}).code, ExitCode::good);
  EXPECT_EQ(hold("P1O01", {"--end", "--even-if-none"}).code, ExitCode::misused);
}

TEST(Command, HistorySaysWhoSawWhatFromWhere) {
  const test::ALog log;
  {
    const auto open = log.open();
    open->append(test::a_transfer("P1001", "1.2.3"));
    Event share;
    share.code = EventCode::share_create;
    share.authentication = "staff";
    share.actor = "k.suzuki\t\x1b[31m";
    share.recipient_id = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
    share.recipient_name = "山田クリニック";
    share.objects = {{"P1001", "1.2.3", "", ""}};
    open->append(share);
  }
  const std::vector<std::string> asked = {"history", "--data", log.place().database.parent_path(),
                                          "--study", "1.2.3"};
  const Ran told = run(asked);
  EXPECT_EQ(told.code, ExitCode::good) << told.err;
  EXPECT_EQ(told.out,
            "seq\ttime\tevent\toutcome\twho\tfrom\twhat\n"
            "1\t2026-01-31T12:00:00Z\ttransfer.begin\tsuccess\t"
            "山田クリニック (a1b2c3d4e5f60718293a4b5c6d7e8f90)\t10.20.0.17\t"
            "share 5f0c64d3a1b29e7745d0c2b8e9f1a3c7, 1.2.3.1.1\n"
            "2\t2026-01-31T12:00:00Z\tshare.create\tsuccess\tstaff k.suzuki\uFFFD\uFFFD[31m\t-\t"
            "for 山田クリニック (a1b2c3d4e5f60718293a4b5c6d7e8f90), 1.2.3\n");
  std::filesystem::remove(log.place().wrapping_key);
  std::vector<std::string> hashed = asked;
  hashed.emplace_back("--hashed");
  EXPECT_EQ(run(asked).code, ExitCode::failed);
  EXPECT_EQ(run(hashed).code, ExitCode::good);
  EXPECT_EQ(run(hashed).out.find("山田"), std::string::npos);
}

TEST(Command, HistorySaysThatThereIsNoEntry) {
  const test::ALog log;
  log.open()->append(test::a_transfer());
  const Ran told =
      run({"history", "--data", log.place().database.parent_path(), "--patient", "P9"});
  EXPECT_EQ(told.code, ExitCode::failed);
  EXPECT_EQ(told.out, "no entry\n");
  EXPECT_EQ(told.err, "");
}

TEST(Command, NamesWhatIsWrongWithACommandLineAndTheHelp) {
  struct Wrong {
    std::vector<std::string> arguments;
    std::string said;
  };
  for (const Wrong& wrong : std::vector<Wrong>{
           {{}, "sekisho-audit: a command is missing\nTry 'sekisho-audit --help'.\n"},
           {{"frob"}, "sekisho-audit: unknown command frob\nTry 'sekisho-audit --help'.\n"},
           {{"prune"},
            "sekisho-audit prune: --data is missing\nTry 'sekisho-audit prune --help'.\n"},
           {{"verify", "--data", "a", "--verbose"},
            "sekisho-audit verify: unknown option --verbose\nTry 'sekisho-audit verify --help'.\n"},
           {{"init", "--data", "a", "--json"},
            "sekisho-audit init: unknown option --json\nTry 'sekisho-audit init --help'.\n"},
       }) {
    const Ran ran = run(wrong.arguments);
    EXPECT_EQ(ran.code, ExitCode::misused);
    EXPECT_EQ(ran.err, wrong.said);
    EXPECT_EQ(ran.out, "");
  }
}

TEST(Command, TakesDaysOfLocalTimeAndRefusesPeriodsThatEndBeforeTheyBegin) {
  const test::ALog log;
  const std::string data = log.place().database.parent_path().string();
  const auto exported = [&](const std::string& from, const std::string& until) {
    return run({"export", "--data", data, "--format", "fhir", "--from", from, "--until", until});
  };
  const std::string was_set = std::getenv("TZ") == nullptr ? "" : std::getenv("TZ");
  ASSERT_EQ(::setenv("TZ", "Asia/Tokyo", 1), 0);
  ::tzset();
  // The log was opened at noon in UTC on the 31st, at 21 o'clock in Japan.
  EXPECT_NE(exported("2026-01-31", "2026-01-31").out, "");
  EXPECT_EQ(exported("2026-02-01", "2026-02-01").out, "");
  EXPECT_EQ(exported("2026-01-31T21:00:00+09:00", "2026-01-31T21:00:01+09:00").out,
            exported("2026-01-31", "2026-01-31").out);
  EXPECT_EQ(exported("2026-01-31T12:00:01Z", "2026-02-28").out, "");
  const Ran inverted = exported("2026-02-01", "2026-01-31");
  EXPECT_EQ(inverted.code, ExitCode::misused);
  EXPECT_NE(inverted.err.find("--from is not before --until"), std::string::npos);
  EXPECT_EQ(exported("2026-02-30", "2026-03-31").code, ExitCode::misused);
  EXPECT_EQ(::setenv("TZ", was_set.c_str(), 1), 0);
  ::tzset();
}

}  // namespace
}  // namespace sekisho::audit
