// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/recover.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <sstream>
#include <thread>

#include "audit/command/command.h"
#include "audit/initialise.h"
#include "audit/keys/rotate_key.h"
#include "audit/store/log_reader.h"
#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using std::filesystem::exists;
using test::a_time;
using test::a_transfer;
using test::joined;
using test::read_file;

const Uptime kUptime = tests::uptime_of(a_time);
constexpr char kNext[] = "audit.test.example/log-2";

void copy_all(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::copy(
      from, to,
      std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
}

void empty(const std::filesystem::path& directory) {
  for (const auto& there : std::filesystem::directory_iterator(directory)) {
    std::filesystem::remove_all(there.path());
  }
}

/// Kills a process of its own in the midst of `work`; false if that had ended already.
bool kill_after(std::chrono::microseconds delay, const std::function<void()>& work) {
  const pid_t process = ::fork();
  if (process == 0) {
    work();
    ::_exit(0);
  }
  ::usleep(static_cast<useconds_t>(delay.count()));
  ::kill(process, SIGKILL);
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFSIGNALED(status);
}

/// A log with an anchor in another directory: entry 0 and six others.
class RecoverTest : public testing::Test {
 protected:
  RecoverTest() : place_(AuditPlace::in(data_.path())) {
    place_.anchor = AuditPlace::anchor_in(elsewhere_.path());
    initialise(place_, test::kOrigin, a_time, kUptime);
    append(6);
  }

  std::unique_ptr<AuditLog> open() const {
    return std::make_unique<AuditLog>(place_, a_time, test::no_report(), kUptime);
  }
  void append(int count) const {
    const auto log = open();
    for (int i = 0; i < count; ++i) log->append_later(a_transfer());
    log->flush();
  }
  Recovery recover_it() const { return recover(place_, kNext, "the disk failed", a_time, kUptime); }
  std::string key() const { return test::first_line(place_.verifier_key); }
  static Entry entry(const std::filesystem::path& database, std::uint64_t seq) {
    return LogReader(database).entry(seq).value().entry;
  }
  /// The new log serves, is sound, and says this of the old one.
  void expect_new_log(const Recovery& done, const std::map<std::string, std::string>& facts) const {
    append(1);
    EXPECT_EQ(key(), done.key.line());
    EXPECT_EQ(done.key.name(), kNext);
    const Verdict verdict = verify(place_.database, key());
    EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
    EXPECT_EQ(verdict.entries, 3U);
    const Entry second = entry(place_.database, 1);
    EXPECT_EQ(second.event, "log.recover");
    for (const auto& [name, value] : facts) {
      const auto found = second.facts.find(name);
      ASSERT_NE(found, second.facts.end()) << name;
      EXPECT_EQ(found->second, value) << name;
    }
    EXPECT_EQ(Checkpoint::parse(signed_text(read_file(*place_.anchor)))->origin, kNext);
    EXPECT_FALSE(exists(data_.path() / "audit.recover"));
    EXPECT_FALSE(exists(data_.path() / "audit.recover.part"));
  }
  void expect_nothing_done(const std::string& why, const std::string& origin = kNext,
                           const std::string& reason = "why not") const {
    const std::string before = read_file(place_.signing_key) + read_file(*place_.anchor);
    const auto count = [&] {
      std::size_t files = 0;
      for (const auto& there : std::filesystem::directory_iterator(data_.path())) {
        // SQLite makes these two for whoever reads.
        const std::string name = there.path().filename();
        files += name.ends_with("-wal") || name.ends_with("-shm") ? 0 : 1;
      }
      return files;
    };
    const auto files = count();
    try {
      recover(place_, origin, reason, a_time, kUptime);
      ADD_FAILURE() << "recovered";
    } catch (const AuditError& error) {
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    }
    EXPECT_EQ(read_file(place_.signing_key) + read_file(*place_.anchor), before);
    EXPECT_EQ(count(), files);
  }
  /// Yesterday's copy is put back.
  void lose_entries() const {
    const test::Directory backup;
    copy_all(data_.path(), backup.path());
    append(5);
    copy_all(backup.path(), data_.path());
    EXPECT_THROW(open(), AuditError);
  }

  test::Directory data_;
  test::Directory elsewhere_;
  AuditPlace place_;
};

TEST_F(RecoverTest, OpensTheDoorOverYesterdaysBackup) {
  const std::string old_key = key();
  const std::string index_key = read_file(place_.index_key);
  lose_entries();
  const std::string old_anchor = read_file(*place_.anchor);
  const Checkpoint anchored = Checkpoint::parse(signed_text(old_anchor)).value();
  const Recovery done = recover_it();
  expect_new_log(done, {{"anchor_size", "12"},
                        {"anchor_root", core::to_base64(anchored.root)},
                        {"found", "sound"},
                        {"found_size", "7"},
                        {"old_key", old_key},
                        {"old_origin", test::kOrigin},
                        {"reason", "the disk failed"}});
  const AuditPlace kept = AuditPlace::in(done.kept);
  const Verdict verdict = verify(kept.database, old_key);
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_EQ(verdict.root, entry(place_.database, 1).facts.at("found_root"));
  EXPECT_EQ(read_file(AuditPlace::anchor_in(done.kept)), old_anchor);
  EXPECT_EQ(read_file(kept.index_key), index_key);
  EXPECT_EQ(read_file(place_.index_key), index_key);
  EXPECT_EQ(read_file(place_.wrapping_key), read_file(kept.wrapping_key));
  EXPECT_EQ(std::filesystem::status(kept.signing_key).permissions(), std::filesystem::perms{0600});
}

TEST_F(RecoverTest, TakesThePlaceOfALogThatWentOnDifferently) {
  const test::Directory backup;
  copy_all(data_.path(), backup.path());
  append(1);
  copy_all(backup.path(), data_.path());
  AuditPlace alone = place_;
  alone.anchor.reset();
  {
    AuditLog log(alone, a_time, test::no_report(), kUptime);
    for (int i = 0; i < 5; ++i) log.append(a_transfer());
  }
  EXPECT_THROW(open(), AuditError);
  expect_new_log(recover_it(), {{"anchor_size", "8"}, {"found", "sound"}, {"found_size", "12"}});
}

TEST_F(RecoverTest, KeepsADamagedDatabaseToTheByte) {
  const std::string damaged(20'000, 'x');
  std::ofstream(place_.database, std::ios::trunc) << damaged;
  std::ofstream(place_.database.string() + "-wal") << "what was there";
  std::ofstream(data_.path() / "audit.witnessed") << "a note";
  const Recovery done = recover_it();
  expect_new_log(done, {{"anchor_size", "7"}, {"found", "unreadable"}});
  EXPECT_EQ(entry(place_.database, 1).facts.count("found_size"), 0U);
  EXPECT_EQ(read_file(AuditPlace::in(done.kept).database), damaged);
  EXPECT_EQ(read_file(done.kept / "audit.db-wal"), "what was there");
  EXPECT_EQ(read_file(done.kept / "audit.witnessed"), "a note");
}

TEST_F(RecoverTest, KeepsEntriesThatAreInTheWriteAheadLogAlone) {
  const std::string old_key = key();
  const test::Directory backup;
  {
    const auto log = open();
    log->append(a_transfer());
    copy_all(data_.path(), backup.path());
  }
  append(3);
  empty(data_.path());
  copy_all(backup.path(), data_.path());
  ASSERT_TRUE(exists(place_.database.string() + "-wal"));
  const Recovery done = recover_it();
  expect_new_log(done, {{"found_size", "8"}});
  EXPECT_EQ(verify(AuditPlace::in(done.kept).database, old_key).entries, 8U);
}

TEST_F(RecoverTest, SaysWhatVerifyFinds) {
  {
    test::Superuser superuser(place_.database);
    superuser.database().exec("DELETE FROM audit_entry WHERE seq = 3");
  }
  expect_new_log(recover_it(), {{"found", "not_sound"}, {"found_size", "6"}});
}

TEST_F(RecoverTest, TakesThePlaceOfADatabaseThatIsGone) {
  std::filesystem::remove(place_.database);
  expect_new_log(recover_it(), {{"anchor_size", "7"}, {"found", "missing"}});
}

TEST_F(RecoverTest, TakesThePlaceOfADirectoryThatIsEmpty) {
  empty(data_.path());
  const Recovery done = recover_it();
  expect_new_log(done, {{"anchor_size", "7"}, {"found", "missing"}, {"old_origin", test::kOrigin}});
  EXPECT_EQ(entry(place_.database, 1).facts.count("old_key"), 0U);
}

TEST_F(RecoverTest, TakesThePlaceOfALogWhoseSigningKeyIsGone) {
  const std::string old_key = key();
  std::filesystem::remove(place_.signing_key);
  expect_new_log(recover_it(), {{"found", "sound"}, {"old_key", old_key}});
}

TEST_F(RecoverTest, TakesThePlaceOfALogOfWhichOnlyARetiredKeyIsLeft) {
  const std::string retired = read_file(place_.signing_key);
  rotate_key(place_, a_time, kUptime);
  std::ofstream(place_.signing_key, std::ios::trunc) << retired;
  EXPECT_THROW(open(), AuditError);
  expect_new_log(recover_it(), {{"found", "sound"}, {"found_size", "8"}});
}

TEST_F(RecoverTest, FindsNothingToDoWhereTheLogAgreesWithItsAnchor) {
  expect_nothing_done("nothing to recover");
  rotate_key(place_, a_time, kUptime);
  expect_nothing_done("nothing to recover");
  append(1);
}

TEST_F(RecoverTest, LeavesASoundLogWithoutAnAnchorToTheAnchorCommand) {
  std::filesystem::remove(*place_.anchor);
  expect_nothing_done("sekisho-audit anchor");
}

TEST_F(RecoverTest, WaitsUntilTheServiceHasStopped) {
  const auto log = open();
  expect_nothing_done("another process");
}

TEST_F(RecoverTest, NeverGivesAnOriginTwice) {
  lose_entries();
  expect_nothing_done("another name", test::kOrigin);
  recover_it();
  lose_entries();
  expect_nothing_done("another name", kNext);
  expect_nothing_done("another name", test::kOrigin);
  EXPECT_EQ(recover(place_, "third", "again", a_time, kUptime).key.name(), "third");
  EXPECT_NO_THROW(open());
}

TEST_F(RecoverTest, RefusesWhatItCouldNotPutOnRecord) {
  lose_entries();
  expect_nothing_done("too long", kNext, std::string(2000, 'a'));
  expect_nothing_done("log.recover", kNext, "not \xFF UTF-8");
  expect_nothing_done("an origin is", "a b");
  place_.anchor = AuditPlace::anchor_in(elsewhere_.path() / "missing");
  EXPECT_THROW(recover_it(), AuditError);
}

TEST_F(RecoverTest, StoppedWithoutAnAnchorIsEndedByTheSameCallAlone) {
  const std::string old_key = key();
  lose_entries();
  const std::filesystem::path obstacle = place_.anchor->string() + ".new";
  std::filesystem::create_directory(obstacle);
  EXPECT_THROW(recover_it(), AuditError);
  EXPECT_THROW(open(), AuditError);
  EXPECT_THROW(recover(place_, "another", "x", a_time, kUptime), AuditError);
  std::filesystem::remove(obstacle);
  EXPECT_THROW(open(), AuditError);
  const Recovery done = recover_it();
  expect_new_log(done, {{"found_size", "7"}, {"reason", "the disk failed"}});
  EXPECT_TRUE(verify(AuditPlace::in(done.kept).database, old_key).sound());
}

TEST_F(RecoverTest, KeepsTheOldDatabaseFromWhatIsMadeInItsPlaceMeanwhile) {
  const std::string old_key = key();
  lose_entries();
  const std::filesystem::path kept = recover_it().kept;
  // As it was between two renames: the old database gone, the new one not there yet.
  const std::filesystem::path made = data_.path() / "audit.recover";
  std::filesystem::create_directory(made);
  for (const auto& file : {place_.database, place_.signing_key}) {
    std::filesystem::rename(file, made / file.filename());
  }
  copy_all(*place_.anchor, made / "audit.anchor");
  core::db::open(place_.database).exec("CREATE TABLE t (x)");
  recover_it();
  EXPECT_NO_THROW(open());
  const Verdict verdict = verify(AuditPlace::in(kept).database, old_key);
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
}

TEST_F(RecoverTest, KilledAnywhereLeavesADoorThatIsShutOrDone) {
  const std::string old_key = key();
  lose_entries();
  const test::Directory lost;
  const test::Directory anchor;
  copy_all(data_.path(), lost.path());
  copy_all(elsewhere_.path(), anchor.path());
  const auto restore = [&] {
    empty(data_.path());
    copy_all(lost.path(), data_.path());
    copy_all(anchor.path(), elsewhere_.path());
  };
  const auto begin = std::chrono::steady_clock::now();
  const std::filesystem::path kept = recover_it().kept;
  const auto whole = std::chrono::steady_clock::now() - begin;
  for (int round = 1; round <= 25; ++round) {
    restore();
    const auto delay = std::chrono::duration_cast<std::chrono::microseconds>(whole) * round / 25;
    kill_after(delay, [&] { recover_it(); });
    try {
      open();
      EXPECT_EQ(test::first_line(place_.verifier_key).find(kNext), 0U) << "round " << round;
    } catch (const AuditError&) {
      recover_it();
    }
    append(1);
    EXPECT_TRUE(verify(place_.database, key()).sound()) << "round " << round;
    EXPECT_TRUE(verify(AuditPlace::in(kept).database, old_key).sound()) << "round " << round;
    EXPECT_EQ(verify(AuditPlace::in(kept).database, old_key).entries, 7U) << "round " << round;
  }
}

TEST_F(RecoverTest, ARotationKilledAnywhereLeavesALogThatGoesOn) {
  const std::string first = key();
  for (int round = 1; round <= 25; ++round) {
    kill_after(std::chrono::milliseconds(round), [&] { rotate_key(place_, a_time, kUptime); });
    append(1);
    for (const std::string& known : {first, key()}) {
      const Verdict verdict = verify(place_.database, known);
      EXPECT_TRUE(verdict.sound()) << "round " << round << '\n' << joined(verdict.problems);
    }
  }
}

TEST_F(RecoverTest, RunsFromTheCommandLine) {
  lose_entries();
  const std::string data = data_.path();
  const std::string anchor = elsewhere_.path();
  const std::vector<std::string_view> arguments{
      "recover", "--data", data, "--anchor", anchor, "--origin", kNext, "--reason", "test"};
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_command(arguments, out, err), ExitCode::good) << err.str();
  EXPECT_NE(out.str().find(key()), std::string::npos);
  EXPECT_NE(out.str().find("before-"), std::string::npos);
  EXPECT_EQ(run_command(arguments, out, err), ExitCode::failed);
  EXPECT_NE(err.str().find("nothing to recover"), std::string::npos);
}

}  // namespace
}  // namespace sekisho::audit
