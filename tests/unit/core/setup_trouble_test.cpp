// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/setup_trouble.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace sekisho::core {
namespace {

class SetupTroubleTest : public ::testing::Test {
 protected:
  ConfiguredPath file_of_mode(mode_t mode) const {
    const std::filesystem::path file = directory_.path() / "key.pem";
    std::ofstream(file) << "x";
    ::chmod(file.c_str(), mode);
    return {file, "--key"};
  }
  static std::string text(const std::optional<SetupTrouble>& trouble) {
    return trouble ? trouble->what() : "";
  }
  tests::TemporaryDirectory directory_;
};

TEST_F(SetupTroubleTest, SaysWhatWhereBySettingWhyAndWhatToDo) {
  const SetupTrouble trouble(
      {"It cannot be read", "/etc/x", "\"X\"", "it is gone", "Put it back."});
  EXPECT_STREQ(trouble.what(), "It cannot be read: /etc/x (\"X\"): it is gone. Put it back.");
}

TEST_F(SetupTroubleTest, NamesAFileThatIsMissing) {
  const ConfiguredPath absent{directory_.path() / "absent.pem", "--certificate"};
  EXPECT_EQ(text(trouble_reading(absent, "The certificate")),
            "The certificate cannot be read: " + absent.path.string() +
                " (--certificate): No such file or directory. Put the file there, or correct the "
                "setting.");
  EXPECT_EQ(text(trouble_reading(file_of_mode(0644), "The certificate")), "");
}

TEST_F(SetupTroubleTest, ADirectoryIsNoFile) {
  EXPECT_NE(text(trouble_reading({directory_.path(), "--key"}, "The key")), "");
}

TEST_F(SetupTroubleTest, AKeyIsForItsOwnerAlone) {
  EXPECT_EQ(text(trouble_reading_key(file_of_mode(0600), "The key")), "");
  EXPECT_EQ(text(trouble_reading_key(file_of_mode(0400), "The key")), "");
  for (const mode_t mode : {0644U, 0604U, 0601U, 0660U, 0602U}) {
    const ConfiguredPath key = file_of_mode(mode);
    EXPECT_NE(text(trouble_reading_key(key, "The key")).find("not private"), std::string::npos)
        << mode;
  }
}

TEST_F(SetupTroubleTest, AKeyThatIsNotTheServicesOwnMayComeThroughItsGroup) {
  const bool is_roots = ::geteuid() == 0;
  EXPECT_EQ(text(trouble_reading_key(file_of_mode(0640), "The key")).empty(), is_roots);
}

TEST_F(SetupTroubleTest, NamesADirectoryThatIsMissingAndHowToMakeIt) {
  const ConfiguredPath absent{directory_.path() / "data", "\"DataDirectory\""};
  EXPECT_EQ(text(trouble_using(absent, "The data directory")),
            "The data directory cannot be used: " + absent.path.string() +
                " (\"DataDirectory\"): No such file or directory. " +
                directory_remedy(absent.path));
  EXPECT_EQ(text(trouble_using({directory_.path(), ""}, "The data directory")), "");
  EXPECT_NE(text(trouble_using(file_of_mode(0600), "The data directory")), "");
}

TEST_F(SetupTroubleTest, TheRemedyNamesTheAccountThatRuns) {
  const std::string account = own_account();
  const auto colon = account.find(':');
  ASSERT_NE(colon, std::string::npos);
  EXPECT_EQ(directory_remedy("/srv/data"), "As root: install -d -m 0700 -o " +
                                               account.substr(0, colon) + " -g " +
                                               account.substr(colon + 1) + " /srv/data.");
}

}  // namespace
}  // namespace sekisho::core
