// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replace_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <system_error>

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

}  // namespace
}  // namespace sekisho::core
