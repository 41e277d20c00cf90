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
    } catch (const core::SetupTrouble& error) {
      EXPECT_NE(std::string(error.what()).find(file.filename().string()), std::string::npos);
    }
    EXPECT_FALSE(std::filesystem::exists(file));
    std::filesystem::rename(aside, file);
  }
}

TEST_F(DataDirectoryTest, SharesWithoutALogAreALoss) {
  prepare(data_);
  make(data_.sharing.database);
  EXPECT_THROW(prepare(data_), core::SetupTrouble);
}

TEST_F(DataDirectoryTest, AMaskKeyAloneIsALoss) {
  prepare(data_);
  make(data_.sharing.mask_key);
  EXPECT_THROW(prepare(data_), core::SetupTrouble);
}

TEST_F(DataDirectoryTest, OfTheVersionBeforeHasNoMaskKey) {
  prepare(data_);
  make_log();
  make(data_.sharing.database);
  EXPECT_EQ(prepare(data_), Holdings::all);
}

TEST_F(DataDirectoryTest, TellsWhereItCannotBeMadeBySettingAndHow) {
  const std::filesystem::path root = parent_.path() / "no" / "such";
  try {
    prepare(DataDirectory(root));
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    EXPECT_EQ(std::string(trouble.what()),
              "The data directory cannot be made: " + root.string() +
                  " (\"Sekisho.DataDirectory\"): No such file or directory. " +
                  core::directory_remedy(root));
  }
}

TEST_F(DataDirectoryTest, ADirectoryForTheAnchorMustBeThere) {
  const std::filesystem::path anchors = parent_.path() / "anchors";
  const DataDirectory data(data_.root, anchors);
  try {
    prepare(data);
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    const std::string text = trouble.what();
    EXPECT_NE(text.find("\"Sekisho.AuditAnchorDirectory\""), std::string::npos) << text;
    EXPECT_NE(text.find(core::directory_remedy(anchors)), std::string::npos) << text;
  }
  std::filesystem::create_directory(anchors);
  EXPECT_EQ(prepare(data), Holdings::nothing);
}

TEST_F(DataDirectoryTest, ALogThatIsThereGetsNoAnchorUnasked) {
  const std::filesystem::path anchors = parent_.path() / "anchors";
  std::filesystem::create_directory(anchors);
  prepare(data_);
  make_log();
  try {
    prepare(DataDirectory(data_.root, anchors));
    FAIL();
  } catch (const core::SetupTrouble& trouble) {
    const std::string text = trouble.what();
    EXPECT_NE(text.find("sekisho-audit anchor --data " + data_.root.string() + " --anchor " +
                        anchors.string()),
              std::string::npos)
        << text;
  }
  EXPECT_FALSE(std::filesystem::exists(anchors / "audit.anchor"));
}

TEST_F(DataDirectoryTest, WhatArrivesLiesBesideIt) {
  prepare(data_);
  const SpoolDirectory spool = prepare_spool(data_, std::nullopt);
  EXPECT_EQ(spool.path, parent_.path() / "sekisho-spool");
  EXPECT_EQ(spool.trouble, "");
  EXPECT_EQ(std::filesystem::status(spool.path).permissions(), std::filesystem::perms::owner_all);
  EXPECT_EQ(prepare_spool(data_, parent_.path() / "other").path, parent_.path() / "other");
}

TEST_F(DataDirectoryTest, TakesWhatArrivesWhereNobodyMadeAPlaceForItAndSaysSo) {
  prepare(data_);
  make(parent_.path() / "sekisho-spool");
  const SpoolDirectory spool = prepare_spool(data_, std::nullopt);
  EXPECT_EQ(spool.path, data_.root);
  EXPECT_NE(spool.trouble.find("\"Sekisho.SpoolDirectory\""), std::string::npos) << spool.trouble;
  EXPECT_THROW(prepare_spool(data_, parent_.path() / "no" / "such"), core::SetupTrouble);
}

TEST_F(DataDirectoryTest, AFileOrAMissingParentIsNoDirectory) {
  make(data_.root);
  EXPECT_THROW(prepare(data_), core::SetupTrouble);
  EXPECT_THROW(prepare(DataDirectory(parent_.path() / "no" / "such")), core::SetupTrouble);
}

}  // namespace
}  // namespace sekisho::plugin
