// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/reserve.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

constexpr std::uint64_t kSize = 1 << 20;

class ReserveTest : public testing::Test {
 protected:
  struct stat status() const {
    struct stat found{};
    EXPECT_EQ(::stat(file_.c_str(), &found), 0);
    return found;
  }

  test::Directory directory_;
  std::filesystem::path file_ = directory_.path() / "audit.reserve";
};

TEST_F(ReserveTest, TakesRoomThatIsItsOwn) {
  Reserve reserve(file_, kSize);
  EXPECT_FALSE(reserve.is_held());
  EXPECT_TRUE(reserve.hold());
  EXPECT_EQ(status().st_size, static_cast<off_t>(kSize));
  EXPECT_GE(status().st_blocks * 512, static_cast<blkcnt_t>(kSize));
  EXPECT_EQ(status().st_mode & 0777U, 0600U);
}

TEST_F(ReserveTest, IsTakenUpByTheNextStart) {
  Reserve(file_, kSize).hold();
  EXPECT_TRUE(Reserve(file_, kSize).is_held());
}

TEST_F(ReserveTest, OfAnotherSizeOrWithHolesIsMadeAnew) {
  Reserve(file_, kSize).hold();
  Reserve larger(file_, 2 * kSize);
  EXPECT_FALSE(larger.is_held());
  EXPECT_TRUE(larger.hold());
  std::filesystem::remove(file_);
  std::ofstream(file_).close();
  std::filesystem::resize_file(file_, kSize);
  Reserve with_holes(file_, kSize);
  EXPECT_FALSE(with_holes.is_held());
  EXPECT_TRUE(with_holes.hold());
  EXPECT_GE(status().st_blocks * 512, static_cast<blkcnt_t>(kSize));
}

TEST_F(ReserveTest, IsGivenUpOnce) {
  Reserve reserve(file_, kSize);
  reserve.hold();
  EXPECT_TRUE(reserve.give_up());
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_FALSE(reserve.give_up());
  EXPECT_TRUE(reserve.hold());
}

TEST_F(ReserveTest, IsNotMadeWhereItWouldTakeMoreThanHalfOfWhatIsFree) {
  const auto free = std::filesystem::space(directory_.path()).available;
  Reserve reserve(file_, free - free / 4);
  EXPECT_FALSE(reserve.hold());
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(ReserveTest, OfNoBytesTouchesNothing) {
  std::ofstream(file_) << "somebody's";
  Reserve reserve(file_, 0);
  EXPECT_FALSE(reserve.is_wanted());
  EXPECT_FALSE(reserve.hold());
  EXPECT_FALSE(reserve.give_up());
  EXPECT_TRUE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace sekisho::audit
