// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/storage_area.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace sekisho::plugin {
namespace {

constexpr const char* kUuid = "36e5dbc1-2906-46a0-861c-d8d6d3268d99";
constexpr const char* kContent = "eight by";

class StorageAreaTest : public ::testing::Test {
 protected:
  StorageAreaTest() {
    std::filesystem::create_directories(file_.parent_path());
    std::ofstream(file_) << kContent;
  }
  tests::TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "36" / "e5" / kUuid;
  StorageArea area_{directory_.path()};
};

TEST_F(StorageAreaTest, OpensTheFileWhereOrthancPutsIt) {
  const auto file = area_.open(kUuid, 8);
  ASSERT_TRUE(file);
  core::Bytes bytes(8);
  file->read(0, bytes);
  EXPECT_EQ(core::as_text(bytes), kContent);
}

TEST_F(StorageAreaTest, AnotherSizeThanListedIsNotTheListedFile) {
  EXPECT_FALSE(area_.open(kUuid, 7));
  EXPECT_FALSE(area_.open(kUuid, 9));
}

TEST_F(StorageAreaTest, AMissingFileIsNothing) {
  EXPECT_FALSE(area_.open("00000000-2906-46a0-861c-d8d6d3268d99", 8));
}

TEST_F(StorageAreaTest, FollowsNoSymbolicLink) {
  const auto elsewhere = directory_.path() / "elsewhere";
  std::filesystem::rename(file_, elsewhere);
  std::filesystem::create_symlink(elsewhere, file_);
  EXPECT_FALSE(area_.open(kUuid, 8));
}

TEST_F(StorageAreaTest, WaitsForNoFifo) {
  std::filesystem::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_FALSE(area_.open(kUuid, 0));
}

TEST_F(StorageAreaTest, OnlyUuidsBecomePaths) {
  std::ofstream(directory_.path() / "secret") << kContent;
  for (const char* name :
       {"", "x", "../secret", "../../../../../../../../../../etc/hosts",
        "36E5DBC1-2906-46A0-861C-D8D6D3268D99", "36e5dbc1-2906-46a0-861c-d8d6d3268d9/"}) {
    EXPECT_FALSE(area_.open(name, 8)) << name;
  }
}

}  // namespace
}  // namespace sekisho::plugin
