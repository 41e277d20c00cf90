// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/command.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "audit/proof/cosignature.h"
#include "support/temporary_directory.h"
#include "unit/witness/a_growing_log.h"
#include "witness/state_file.h"

namespace sekisho::witness {
namespace {

class Command : public ::testing::Test {
 protected:
  ExitCode run(const std::vector<std::string_view>& arguments) {
    out_.str("");
    err_.str("");
    return run_command(arguments, out_, err_);
  }

  const tests::TemporaryDirectory directory_;
  const std::string file_ = (directory_.path() / "witness").string();
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Command, InitPrintsTheVerifierKeyAndNothingSecret) {
  EXPECT_EQ(run({"init", "--state", file_, "--name", "witness.example/w1"}), ExitCode::good);
  const std::string line = out_.str();
  const auto key = audit::CosignatureVerifier::parse(line.substr(0, line.size() - 1));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->name(), "witness.example/w1");
  EXPECT_EQ(run({"init", "--state", file_, "--name", "again"}), ExitCode::failed);
}

TEST_F(Command, InitMakesItsMissingDirectoryForTheOwnerAlone) {
  const std::filesystem::path state = directory_.path() / "lib" / "witness" / "state";
  EXPECT_EQ(run({"init", "--state", state.c_str(), "--name", "w"}), ExitCode::good) << err_.str();
  EXPECT_EQ(std::filesystem::status(state.parent_path()).permissions(),
            std::filesystem::perms::owner_all);
  EXPECT_EQ(run({"show", "--state", state.c_str()}), ExitCode::good) << err_.str();
}

TEST_F(Command, ShowPrintsBothNotesOfAFork) {
  run({"init", "--state", file_, "--name", "w"});
  const std::string line = out_.str();
  tests::AGrowingLog log;
  tests::AGrowingLog fork;
  log.grow(3);
  fork.grow(3, "another");
  {
    const StateFile mine(file_);
    State state = mine.read();
    state.logs["audit.example/log"] = {log.note(3), fork.note(3)};
    mine.replace(state);
  }
  EXPECT_EQ(run({"show", "--state", file_}), ExitCode::good);
  EXPECT_TRUE(out_.str().starts_with(line));
  EXPECT_NE(out_.str().find(log.note(3)), std::string::npos);
  EXPECT_NE(out_.str().find("FORK: the same log has also signed\n" + fork.note(3)),
            std::string::npos);
  EXPECT_EQ(out_.str().find("PRIVATE"), std::string::npos);
}

TEST_F(Command, ExplainsItselfWhenMisused) {
  tests::AGrowingLog log;
  const std::string key = log.verifier().line();
  const std::vector<std::vector<std::string_view>> wrong = {
      {},
      {"frob"},
      {"init"},
      {"init", "--state", file_},
      {"init", "--state"},
      {"show", "--state", file_, "--state", file_},
      {"run", "--state", file_, "--listen", "127.0.0.1:0"},
      {"run", "--state", file_, "--listen", "nowhere", "--log", key},
      {"run", "--state", file_, "--listen", "127.0.0.1:0", "--log", "no key"},
      {"run", "--state", file_, "--listen", "127.0.0.1:0", "--log", key, "--certificate-key",
       "k.pem"},
  };
  for (const auto& arguments : wrong) {
    EXPECT_EQ(run(arguments), ExitCode::misused) << arguments.size();
    EXPECT_NE(err_.str().find("Try 'sekisho-witness"), std::string::npos);
  }
}

}  // namespace
}  // namespace sekisho::witness
