// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <sstream>

#include "audit/command/command.h"
#include "audit/keys/rotate_key.h"
#include "audit/store/log_reader.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;

/// An auditor who kept a checkpoint of 301 entries and was given one of 901 later.
class Consistency : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy(data(), path("forged"));
    append(300);
    put("old", checkpoint());
    append(600);
    put("new", checkpoint());
  }
  void append(int count) const {
    const auto log = log_.open();
    for (int i = 0; i < count; ++i) log->append_later(a_transfer());
    log->flush();
  }
  std::string checkpoint() const { return LogReader(log_.place().database).head().checkpoint; }
  std::string path(const std::string& name) const { return directory_.path() / name; }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  std::string data() const { return log_.place().database.parent_path(); }

  ExitCode run(const std::vector<std::string>& arguments) {
    const std::vector<std::string_view> views(arguments.begin(), arguments.end());
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code = run_command(views, out, err);
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  ExitCode check(std::vector<std::string> more) {
    more.insert(more.begin(), {"consistency", path("old"), path("new")});
    return run(more);
  }
  bool says(const std::string& text) const { return (out_ + err_).find(text) != std::string::npos; }

  const test::ALog log_;
  const test::Directory directory_;
  const std::string key_ = log_.key();
  std::string out_;
  std::string err_;
};

TEST_F(Consistency, IsShownByTheLogItself) {
  EXPECT_EQ(check({"--data", data()}), ExitCode::good) << out_ << err_;
  EXPECT_TRUE(says("continued\n")) << out_;
  EXPECT_TRUE(says("301 entries")) << out_;
  EXPECT_TRUE(says("901 entries")) << out_;
  append(40);
  EXPECT_EQ(check({"--data", data(), "--key", key_}), ExitCode::good) << "which has grown since";
}

TEST_F(Consistency, IsShownByPublishedTilesAlone) {
  ASSERT_EQ(run({"publish", "--data", data(), "--to", path("tiles")}), ExitCode::good);
  EXPECT_EQ(check({"--tiles", path("tiles"), "--key", key_}), ExitCode::good) << out_ << err_;
  append(700);
  ASSERT_EQ(run({"publish", "--data", data(), "--to", path("tiles")}), ExitCode::good);
  EXPECT_EQ(check({"--tiles", path("tiles"), "--key", key_}), ExitCode::good) << out_ << err_;
  std::filesystem::remove_all(path("tiles/tile/0/001"));
  EXPECT_EQ(check({"--tiles", path("tiles"), "--key", key_}), ExitCode::failed);
  EXPECT_TRUE(says("lacks tile/0/001")) << err_;
}

TEST_F(Consistency, IsShownByTheHashesOfAProof) {
  ASSERT_EQ(run({"prove", "--data", data(), "--size", "301"}), ExitCode::good);
  put("new", out_);
  EXPECT_EQ(check({"--key", key_}), ExitCode::good) << out_ << err_;
  ASSERT_EQ(run({"prove", "--data", data(), "--size", "302"}), ExitCode::good);
  put("new", out_);
  EXPECT_EQ(check({"--key", key_}), ExitCode::failed) << "of another size";
  EXPECT_TRUE(says("NOT PROVEN")) << out_;
}

TEST_F(Consistency, AsksForAProofWhereThereIsNone) {
  EXPECT_EQ(check({"--key", key_}), ExitCode::misused);
  EXPECT_TRUE(says("prove --size 301")) << err_;
  put("new", test::read_file(path("old")));
  EXPECT_EQ(check({"--key", key_}), ExitCode::good) << "of one size none is needed";
}

TEST_F(Consistency, IsNotShownOfALogThatWasMadeAnewWithTheStolenKey) {
  const AuditPlace forged = AuditPlace::in(path("forged"));
  {
    AuditLog log(forged, test::a_time, test::no_report(), tests::uptime_of(test::a_time));
    for (int i = 0; i < 1000; ++i) log.append_later(a_transfer("P6666"));
    log.flush();
  }
  put("new", LogReader(forged.database).head().checkpoint);
  ASSERT_EQ(run({"verify", "--data", path("forged"), "--key", key_}), ExitCode::good)
      << "by itself it is sound";
  EXPECT_EQ(check({"--data", path("forged"), "--key", key_}), ExitCode::failed);
  EXPECT_TRUE(says("nothing leads from")) << out_;
  ASSERT_EQ(run({"publish", "--data", path("forged"), "--to", path("tiles")}), ExitCode::good);
  EXPECT_EQ(check({"--tiles", path("tiles"), "--key", key_}), ExitCode::failed);
  EXPECT_EQ(check({"--data", data()}), ExitCode::failed) << "the true one is shorter";
}

TEST_F(Consistency, NamesAForkOfOneSize) {
  put("old", test::read_file(path("new")));
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 900");
  log_.sign_anew();
  put("new", checkpoint());
  EXPECT_EQ(check({"--key", key_}), ExitCode::failed);
  EXPECT_TRUE(says("two histories of one size")) << out_;
}

TEST_F(Consistency, NamesALogThatWasCut) {
  EXPECT_EQ(run({"consistency", path("new"), path("old"), "--key", key_}), ExitCode::failed);
  EXPECT_TRUE(says("fewer entries")) << out_;
}

TEST_F(Consistency, TakesCheckpointsOfTheLogOfTheKeyAlone) {
  const test::ALog other;
  EXPECT_EQ(check({"--data", data(), "--key", other.key()}), ExitCode::failed);
  EXPECT_TRUE(says("not signed by the log whose key you gave")) << out_;
  std::string changed = test::read_file(path("old"));
  changed.replace(changed.find("301"), 3, "300");
  put("old", changed);
  EXPECT_EQ(check({"--data", data()}), ExitCode::failed);
  put("old", "rubbish\n");
  EXPECT_EQ(check({"--data", data()}), ExitCode::failed);
  EXPECT_TRUE(says("is no checkpoint")) << out_;
}

TEST_F(Consistency, LeadsFromAnyKeyThroughTheRotations) {
  rotate_key(log_.place());
  append(5);
  put("new", checkpoint());
  ASSERT_EQ(run({"rotations", "--data", data()}), ExitCode::good);
  put("rotations", out_);
  ASSERT_EQ(run({"publish", "--data", data(), "--to", path("tiles")}), ExitCode::good);
  for (const std::string& key : {key_, log_.key()}) {
    EXPECT_EQ(check({"--tiles", path("tiles"), "--key", key, "--rotations", path("rotations")}),
              ExitCode::good)
        << out_ << err_;
    EXPECT_EQ(check({"--data", data(), "--key", key}), ExitCode::good) << out_ << err_;
    EXPECT_EQ(check({"--tiles", path("tiles"), "--key", key}), ExitCode::failed);
  }
}

}  // namespace
}  // namespace sekisho::audit
