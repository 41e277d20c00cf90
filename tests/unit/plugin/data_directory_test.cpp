// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/data_directory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace sekisho::plugin {
namespace {

class DataDirectoryTest : public ::testing::Test {
 protected:
  void make(const std::filesystem::path& file) { std::ofstream(file) << "x"; }
  void make_log() {
    const audit::AuditPlace& log = data_.log;
    for (const auto& file :
         {log.database, log.signing_key, log.verifier_key, log.index_key, log.wrapping_key}) {
      make(file);
    }
  }
  tests::TemporaryDirectory parent_;
  DataDirectory data_{parent_.path() / "sekisho"};
};

TEST_F(DataDirectoryTest, IsMadeForItsOwnerAlone) {
  EXPECT_EQ(prepare(data_), Holdings::nothing);
  EXPECT_EQ(std::filesystem::status(data_.root).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(DataDirectoryTest, ForeignFilesAreNoHoldings) {
  prepare(data_);
  make(data_.root / "lost+found");
  EXPECT_EQ(prepare(data_), Holdings::nothing);
}

TEST_F(DataDirectoryTest, KnowsAWholeInstallation) {
  prepare(data_);
  make_log();
  EXPECT_EQ(prepare(data_), Holdings::log_only);
  make(data_.sharing.database);
  EXPECT_EQ(prepare(data_), Holdings::all);
}

TEST_F(DataDirectoryTest, ALostPartOfTheLogIsToldAndNotMadeAnew) {
  prepare(data_);
  make_log();
  make(data_.sharing.database);
  for (const auto& file : {data_.log.database, data_.log.wrapping_key}) {
    const std::filesystem::path aside = parent_.path() / "aside";
    std::filesystem::rename(file, aside);
    try {
      prepare(data_);
      ADD_FAILURE() << "nothing was missed";
    } catch (const DataError& error) {
      EXPECT_NE(std::string(error.what()).find(file.filename().string()), std::string::npos);
    }
    EXPECT_FALSE(std::filesystem::exists(file));
    std::filesystem::rename(aside, file);
  }
}

TEST_F(DataDirectoryTest, SharesWithoutALogAreALoss) {
  prepare(data_);
  make(data_.sharing.database);
  EXPECT_THROW(prepare(data_), DataError);
}

TEST_F(DataDirectoryTest, AMaskKeyAloneIsALoss) {
  prepare(data_);
  make(data_.sharing.mask_key);
  EXPECT_THROW(prepare(data_), DataError);
}

TEST_F(DataDirectoryTest, OfTheVersionBeforeHasNoMaskKey) {
  prepare(data_);
  make_log();
  make(data_.sharing.database);
  EXPECT_EQ(prepare(data_), Holdings::all);
}

TEST_F(DataDirectoryTest, AFileOrAMissingParentIsNoDirectory) {
  make(data_.root);
  EXPECT_THROW(prepare(data_), DataError);
  EXPECT_THROW(prepare(DataDirectory(parent_.path() / "no" / "such")), DataError);
}

}  // namespace
}  // namespace sekisho::plugin
