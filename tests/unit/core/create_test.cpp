// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/create.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "core/database.h"
#include "core/key_file.h"
#include "core/replace_file.h"
#include "support/temporary_directory.h"

namespace sekisho::core {
namespace {

constexpr uid_t kSomebody = 65534;

struct stat status_of(const std::filesystem::path& file) {
  struct stat status{};
  EXPECT_EQ(::lstat(file.c_str(), &status), 0) << file;
  return status;
}

TEST(Create, MakesAFileOnceAndWithItsMode) {
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "file";
  EXPECT_TRUE(create_file(file, 0600).is_open());
  EXPECT_EQ(status_of(file).st_mode & 0777U, 0600U);
  EXPECT_FALSE(create_file(file, 0600).is_open());
  std::filesystem::create_symlink(directory.path() / "elsewhere", directory.path() / "link");
  EXPECT_FALSE(create_file(directory.path() / "link", 0600).is_open());
  create_directories(directory.path() / "a" / "b", 0700);
  EXPECT_EQ(status_of(directory.path() / "a" / "b").st_mode & 0777U, 0700U);
  EXPECT_THROW(create_directory(directory.path() / "a", 0700), std::system_error);
}

TEST(WriteWhole, SaysThatTheDiskIsFull) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.is_open());
  EXPECT_FALSE(write_whole(full.get(), "content"));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_TRUE(write_whole(full.get(), ""));
}

TEST(IsThere, SeesALinkThatLeadsNowhere) {
  const tests::TemporaryDirectory directory;
  EXPECT_FALSE(is_there(directory.path() / "link"));
  std::filesystem::create_symlink(directory.path() / "elsewhere", directory.path() / "link");
  EXPECT_TRUE(is_there(directory.path() / "link"));
}

/// What an administrator does as root in the directory of the service's user.
class RootInSomebodysDirectory : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root makes files for others";
    ASSERT_EQ(::chown(directory_.path().c_str(), kSomebody, kSomebody), 0);
  }
  std::filesystem::path in(const char* name) const { return directory_.path() / name; }

 private:
  tests::TemporaryDirectory directory_;
};

TEST_F(RootInSomebodysDirectory, MakesWhatTheServiceCanGoOnWith) {
  create_file(in("file"), 0600);
  create_directories(in("some/where"), 0700);
  replace_file(in("state"), "one");
  replace_file(in("state"), "two");
  replace_private_file(in("private"), "one");
  EXPECT_FALSE(create_key_file(in("key"), "secret\n"));
  db::Database database = db::open(in("data.db"));
  database.exec("CREATE TABLE t (a)");
  for (const char* name : {"file", "some", "some/where", "state", "private", "key", "data.db",
                           "data.db-wal", "data.db-shm"}) {
    EXPECT_EQ(status_of(in(name)).st_uid, kSomebody) << name;
    EXPECT_EQ(status_of(in(name)).st_gid, kSomebody) << name;
  }
}

TEST_F(RootInSomebodysDirectory, LeavesWhatItReplacesToItsOwner) {
  std::ofstream(in("state")) << "one";
  ASSERT_EQ(::chown(in("state").c_str(), 1, 2), 0);
  ASSERT_EQ(::chmod(in("state").c_str(), 0640), 0);
  replace_file(in("state"), "two");
  EXPECT_EQ(status_of(in("state")).st_uid, 1U);
  EXPECT_EQ(status_of(in("state")).st_gid, 2U);
  EXPECT_EQ(status_of(in("state")).st_mode & 0777U, 0640U);
}

TEST_F(RootInSomebodysDirectory, GivesNothingPrivateToWhoeverWasThereFirst) {
  std::ofstream(in("report")) << "bait";
  ASSERT_EQ(::chown(in("report").c_str(), 1, 2), 0);
  ASSERT_EQ(::chmod(in("report").c_str(), 0644), 0);
  replace_private_file(in("report"), "secret");
  EXPECT_EQ(status_of(in("report")).st_uid, kSomebody);
  EXPECT_EQ(status_of(in("report")).st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace sekisho::core
