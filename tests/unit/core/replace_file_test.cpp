// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replace_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "core/whole_file.h"

namespace sekisho::core {
namespace {

class ReplaceFile : public testing::Test {
 protected:
  ReplaceFile() {
    std::string name = (std::filesystem::temp_directory_path() / "sekisho-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~ReplaceFile() override { std::filesystem::remove_all(directory_); }
  static std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::filesystem::path directory_;
};

TEST_F(ReplaceFile, MakesAFileAndReplacesIt) {
  const auto file = directory_ / "state";
  replace_file(file, "one");
  EXPECT_EQ(content_of(file), "one");
  const std::string long_one(100'000, 'x');
  replace_file(file, long_one);
  EXPECT_EQ(content_of(file), long_one);
  replace_file(file, "");
  EXPECT_EQ(content_of(file), "");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1)
      << "nothing else is left";
}

TEST_F(ReplaceFile, LeavesTheOldContentWhereItCannotBeReplaced) {
  const auto file = directory_ / "state";
  replace_file(file, "one");
  std::filesystem::create_directory(directory_ / "state.new");
  EXPECT_THROW(replace_file(file, "two"), std::system_error);
  EXPECT_EQ(content_of(file), "one");
  EXPECT_THROW(replace_file(directory_ / "nowhere" / "state", "x"), std::system_error);
}

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status{};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

TEST_F(ReplaceFile, IsPrivateWhateverAnInterruptedWriteLeft) {
  const auto file = directory_ / "state";
  std::ofstream(directory_ / "state.new") << "half, and readable by everybody";
  replace_private_file(file, "x");
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(content_of(file), "x");
}

TEST_F(ReplaceFile, IsReadWholeOrNotAtAll) {
  const auto file = directory_ / "state";
  EXPECT_FALSE(read_whole_file(file, 100));
  replace_private_file(file, std::string(100, 'x'));
  EXPECT_EQ(as_text(read_whole_file(file, 100)->view()), std::string(100, 'x'));
  replace_private_file(file, std::string(101, 'x'));
  EXPECT_THROW(read_whole_file(file, 100), std::system_error);
  std::filesystem::create_symlink(file, directory_ / "link");
  EXPECT_THROW(read_whole_file(directory_ / "link", 1000), std::system_error);
}

}  // namespace
}  // namespace sekisho::core
