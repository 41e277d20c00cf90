// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/database.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <stop_token>
#include <system_error>
#include <thread>

#include "core/encoding.h"
#include "core/random.h"

namespace sekisho::core::db {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    std::array<Byte, 8> random{};
    fill_random(random);
    folder_ = std::filesystem::temp_directory_path() / ("sekisho-" + to_hex(random));
    std::filesystem::create_directory(folder_);
  }
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(const char* name = "test.db") const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status{};
  EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
  return status.st_mode & 0777;
}

std::string pragma(Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getString();
}

TEST_F(DatabaseTest, NobodyElseMayReadTheFileOrItsLog) {
  Database database = open(file());
  database.exec("CREATE TABLE t (x)");
  EXPECT_EQ(mode_of(file()), 0600U);
  EXPECT_EQ(mode_of(file("test.db-wal")), 0600U);
  EXPECT_EQ(mode_of(file("test.db-shm")), 0600U);
}

TEST_F(DatabaseTest, ACommittedTransactionIsOnDisk) {
  Database database = open(file());
  EXPECT_EQ(pragma(database, "journal_mode"), "wal");
  EXPECT_EQ(pragma(database, "synchronous"), "2");  // FULL
  EXPECT_EQ(pragma(database, "foreign_keys"), "1");
  EXPECT_EQ(pragma(database, "busy_timeout"), "5000");
}

/// What another process finds when it asks whether it may have the file for itself: the lock that
/// SQLite holds on these bytes while a connection is open (SQLite's os_unix.c, "SHARED").
bool is_held_against_others(const std::filesystem::path& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_start = 0x40000002;
    lock.l_len = 510;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    ::_exit(::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status) == 1;
}

TEST_F(DatabaseTest, ASecondConnectionDoesNotOpenTheFirstToOtherPrograms) {
  EXPECT_FALSE([&] {
    open(file());
    return is_held_against_others(file());
  }());
  const Database first = open(file());
  EXPECT_TRUE(is_held_against_others(file()));
  const Database second = open(file());
  EXPECT_TRUE(is_held_against_others(file()));
}

TEST_F(DatabaseTest, WhatWasWrittenIsThereWhenOpenedAgain) {
  {
    Database database = open(file());
    database.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7)");
  }
  Database database = open(file());
  EXPECT_EQ(database.execAndGet("SELECT x FROM t").getInt(), 7);
}

TEST_F(DatabaseTest, AReaderSeesWhatTheWriterCommittedAndWritesNothing) {
  Database writer = open(file());
  writer.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7)");
  Database reader = open_read_only(file());
  EXPECT_EQ(reader.execAndGet("SELECT x FROM t").getInt(), 7);
  EXPECT_THROW(reader.exec("INSERT INTO t VALUES (8)"), Error);
}

TEST_F(DatabaseTest, AReaderWhoClosesLastWhileALogIsSettledDisturbsNobody) {
  open(file()).exec("CREATE TABLE t (x)");
  std::atomic<int> closed = 0;
  const std::jthread auditor([&](const std::stop_token& stop) {
    for (; !stop.stop_requested(); ++closed) Database(open(file())).exec("DELETE FROM t");
  });
  while (closed < 300) EXPECT_NO_THROW(settle_write_ahead_log(file()));
}

TEST_F(DatabaseTest, AReaderNeedsAFile) {
  EXPECT_THROW(open_read_only(file()), Error);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(DatabaseTest, AFolderThatIsMissingThrows) {
  EXPECT_THROW(open(file("missing") / "test.db"), std::system_error);
}

TEST_F(DatabaseTest, ALinkIsNotFollowed) {
  std::filesystem::create_symlink(file("elsewhere.db"), file());
  EXPECT_THROW(open(file()), std::system_error);
  EXPECT_FALSE(std::filesystem::exists(file("elsewhere.db")));
}

TEST_F(DatabaseTest, WhatIsNoDatabaseThrows) {
  std::ofstream(file()) << std::string(4096, 'x');
  EXPECT_THROW(open(file()), Error);
}

}  // namespace
}  // namespace sekisho::core::db
