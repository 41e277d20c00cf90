// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace sekisho::core {
namespace {

ExitCode say(const Options& options, std::ostream& out, std::ostream&) {
  if (options.has("--fail")) throw std::runtime_error("it rains");
  if (const auto count = options.find_number("--count")) out << "count " << *count << '\n';
  if (options.has("--word")) out << "words " << options.all("--word").size() << '\n';
  for (const std::string& operand : options.operands()) out << "operand " << operand << '\n';
  return options.has("--no") ? ExitCode::failed : ExitCode::good;
}

constexpr OptionWord kWords[] = {
    {"--count", "N", "how many there are of what is counted, which is told in so many words here"},
    {"--fail", "", "fail"},
    {"--no", "", "the answer is no"},
    {"--word", "WORD", "a word", OptionWord::Times::repeatable},
};
constexpr Command kCommands[] = {
    {"say", "say something", "[--count N] [--word WORD ...] [--no]\n--fail", "Says something.",
     say},
    {"compare", "compare two things", "OLD NEW [--count N]", "Compares.\nTwo things.", say},
};
constexpr Program kProgram = {"teller", "Tells.", kWords, kCommands, "Never believe it."};

struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
};

Ran run(const std::vector<std::string_view>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run_program(kProgram, arguments, out, err);
  return {code, out.str(), err.str()};
}

TEST(CommandLine, TakesValuesBehindASpaceOrAnEqualsSign) {
  EXPECT_EQ(run({"say", "--count", "7"}).out, "count 7\n");
  EXPECT_EQ(run({"say", "--count=7"}).out, "count 7\n");
  EXPECT_EQ(run({"say", "--word", "--no", "--word="}).out, "words 2\n");
  EXPECT_EQ(run({"say", "--no"}).code, ExitCode::failed);
}

TEST(CommandLine, TakesAsManyOperandsAsTheCommandNames) {
  EXPECT_EQ(run({"compare", "a", "--count", "1", "b"}).out, "count 1\noperand a\noperand b\n");
  EXPECT_EQ(run({"compare", "--", "--a", "-b"}).out, "operand --a\noperand -b\n");
}

TEST(CommandLine, NamesWhatIsWrongAndTheHelp) {
  struct Wrong {
    std::vector<std::string_view> arguments;
    std::string said;
  };
  for (const Wrong& wrong : std::vector<Wrong>{
           {{"say", "--cuont", "7"}, "unknown option --cuont"},
           {{"say", "-c"}, "unknown option -c"},
           {{"compare", "--no", "a", "b"}, "unknown option --no"},
           {{"say", "--count"}, "--count wants a value: N"},
           {{"say", "--count", "-1"}, "--count wants a number"},
           {{"say", "--count", "9007199254740992"}, "--count wants a number"},
           {{"say", "--no=1"}, "--no takes no value"},
           {{"say", "--no", "--no"}, "--no is there twice"},
           {{"say", "--no", "--fail"}, "--no does not go with the other options"},
           {{"say", "more"}, "unexpected operand more"},
           {{"compare", "a"}, "an operand is missing"},
       }) {
    const Ran ran = run(wrong.arguments);
    const std::string command = "teller " + std::string(wrong.arguments.front());
    EXPECT_EQ(ran.code, ExitCode::misused);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, command + ": " + wrong.said + "\nTry '" + command + " --help'.\n");
  }
}

TEST(CommandLine, NamesTheHelpOfTheProgramWhereThereIsNoCommand) {
  EXPECT_EQ(run({}).err, "teller: a command is missing\nTry 'teller --help'.\n");
  EXPECT_EQ(run({"tell"}).err, "teller: unknown command tell\nTry 'teller --help'.\n");
  EXPECT_EQ(run({"--loud"}).err, "teller: unknown option --loud\nTry 'teller --help'.\n");
  EXPECT_EQ(run({"tell"}).code, ExitCode::misused);
}

TEST(CommandLine, TellsTroubleInOneLine) {
  const Ran ran = run({"say", "--fail"});
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_EQ(ran.err, "teller: it rains\n");
}

TEST(CommandLine, AnswersHelpAndVersionOnStandardOutput) {
  const Ran help = run({"--help"});
  EXPECT_EQ(help.code, ExitCode::good);
  EXPECT_EQ(help.err, "");
  for (const char* said : {"Usage: teller COMMAND [OPTION]...\n", "  say      say something\n",
                           "Never believe it.\n", "Exit status: 0 done"}) {
    EXPECT_NE(help.out.find(said), std::string::npos) << help.out;
  }
  const Ran version = run({"--version"});
  EXPECT_EQ(version.code, ExitCode::good);
  EXPECT_EQ(version.out.find("teller (Sekisho) "), 0U);
}

TEST(CommandLine, TellsOfEachCommandWhatItTakes) {
  EXPECT_EQ(run({"say", "--count", "x", "--help"}).out,
            "Usage: teller say [--count N] [--word WORD ...] [--no]\n"
            "       teller say --fail\n"
            "\n"
            "Says something.\n"
            "\n"
            "Options:\n"
            "  --count N    how many there are of what is counted, which is told in so many\n"
            "               words here\n"
            "  --word WORD  a word\n"
            "  --no         the answer is no\n"
            "  --fail       fail\n"
            "  --help       show this and exit\n");
}

TEST(CommandLine, DoesNotEndWellWhereNobodyTookItsAnswer) {
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  const std::string_view arguments[] = {"--version"};
  EXPECT_EQ(run_program(kProgram, arguments, out, err), ExitCode::failed);
  EXPECT_NE(err.str(), "");
}

}  // namespace
}  // namespace sekisho::core
