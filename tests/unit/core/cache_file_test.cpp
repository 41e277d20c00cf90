// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cache_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace sekisho::core {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPlenty = 1 << 24;

Sha256 key(int number) { return sha256(as_bytes(std::to_string(number))); }

class CacheFileTest : public testing::Test {
 protected:
  fs::path file() const { return directory_.path() / "cache.db"; }

 private:
  tests::TemporaryDirectory directory_;
};

TEST_F(CacheFileTest, WhatIsKnownIsKnownAfterARestart) {
  constexpr int kSome = 1200;  // more than are written together
  {
    CacheFile cache(file(), kPlenty);
    for (int i = 0; i < kSome; ++i) cache.keep(key(i), std::to_string(i));
    EXPECT_EQ(cache.find(key(0)), "0");
    EXPECT_EQ(cache.find(key(kSome - 1)), std::to_string(kSome - 1));
  }
  CacheFile cache(file(), kPlenty);
  for (int i = 0; i < kSome; ++i) ASSERT_EQ(cache.find(key(i)), std::to_string(i));
  EXPECT_EQ(cache.find(key(kSome)), std::nullopt);
}

TEST_F(CacheFileTest, WhatIsKeptAgainTakesThePlaceOfWhatWas) {
  CacheFile(file(), kPlenty).keep(key(1), "old");
  CacheFile(file(), kPlenty).keep(key(1), "");
  EXPECT_EQ(CacheFile(file(), kPlenty).find(key(1)), "");
}

TEST_F(CacheFileTest, NobodyElseMayReadIt) {
  CacheFile cache(file(), kPlenty);
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(CacheFileTest, AFileThatIsNoDatabaseIsMadeAnew) {
  std::ofstream(file()) << std::string(10'000, 'x');
  CacheFile(file(), kPlenty).keep(key(1), "known");
  EXPECT_EQ(CacheFile(file(), kPlenty).find(key(1)), "known");
}

TEST_F(CacheFileTest, MayBeDeletedAtAnyTime) {
  CacheFile cache(file(), kPlenty);
  cache.keep(key(1), "known");
  fs::remove(file());
  for (int i = 0; i < 1200; ++i) cache.keep(key(i), "more");
  CacheFile(file(), kPlenty).find(key(1));
}

TEST_F(CacheFileTest, WhereNoFileCanBeMadeNothingIsKnown) {
  CacheFile cache("/nonexistent/cache.db", kPlenty);
  cache.keep(key(1), "known");
  EXPECT_EQ(cache.find(key(1)), std::nullopt);
}

TEST_F(CacheFileTest, DoesNotGrowForEver) {
  constexpr std::uint64_t kLimit = 200'000;
  {
    CacheFile cache(file(), kLimit);
    for (int i = 0; i < 10'000; ++i) cache.keep(key(i), std::string(100, 'x'));
    EXPECT_EQ(cache.find(key(9'999)), std::string(100, 'x'));
  }
  EXPECT_LT(fs::file_size(file()), 3 * kLimit);
}

}  // namespace
}  // namespace sekisho::core
