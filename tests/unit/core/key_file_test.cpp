// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/key_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "core/encoding.h"
#include "support/temporary_directory.h"

namespace sekisho::core {
namespace {

using std::filesystem::perms;

class KeyFileTest : public testing::Test {
 protected:
  void write(const std::string& content) {
    std::filesystem::remove(file);
    ASSERT_FALSE(create_key_file(file, content));
  }
  std::string problem() const {
    const auto found = read_key_file(file);
    const auto* unusable = std::get_if<KeyFileProblem>(&found);
    return unusable == nullptr ? "" : unusable->text;
  }
  static std::string content_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  tests::TemporaryDirectory directory;
  std::filesystem::path file = directory.path() / "a.key";
  const Secret key = Secret::random(32);
};

TEST_F(KeyFileTest, IsReadAsItWasWritten) {
  write(key_line(key));
  const auto found = read_key_file(file);
  ASSERT_TRUE(std::holds_alternative<Secret>(found));
  EXPECT_EQ(to_hex(std::get<Secret>(found).view()), to_hex(key.view()));
  EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(KeyFileTest, ThatExistsIsNotOverwritten) {
  write("first\n");
  const auto problem = create_key_file(file, "second\n");
  ASSERT_TRUE(problem);
  EXPECT_TRUE(problem->text.starts_with("a.key: ")) << problem->text;
  EXPECT_EQ(content_of(file), "first\n");
}

TEST_F(KeyFileTest, ThatAKilledProcessLeftHalfWrittenIsWrittenAnew) {
  std::ofstream(file.string() + ".new") << "ha";
  EXPECT_TRUE(problem().starts_with("a.key: ")) << "it never had its name";
  write(key_line(key));
  EXPECT_EQ(problem(), "");
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".new"));
}

/// A start after it would find a file that is no key, and not begin.
TEST_F(KeyFileTest, IsWholeOrNotThereWhenItsMakerIsKilled) {
  for (int round = 0; round < 40; ++round) {
    const ::pid_t maker = ::fork();
    ASSERT_GE(maker, 0);
    if (maker == 0) {
      for (;;) {
        static_cast<void>(create_key_file(file, key_line(key)));
        ::unlink(file.c_str());
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + round % 5));
    ::kill(maker, SIGKILL);
    ::waitpid(maker, nullptr, 0);
    if (std::filesystem::exists(file)) {
      ASSERT_EQ(problem(), "") << "round " << round;
    }
  }
}

TEST_F(KeyFileTest, ThatOthersMayReadIsRefused) {
  for (const perms more : {perms::group_read, perms::others_read, perms::group_write}) {
    write(key_line(key));
    std::filesystem::permissions(file, more, std::filesystem::perm_options::add);
    EXPECT_NE(problem().find("chmod 600"), std::string::npos) << problem();
  }
}

TEST_F(KeyFileTest, ThatIsMissingOrALinkIsRefused) {
  EXPECT_NE(problem(), "");
  const auto real = directory.path() / "real.key";
  ASSERT_FALSE(create_key_file(real, key_line(key)));
  std::filesystem::create_symlink(real, file);
  EXPECT_NE(problem(), "");
}

TEST_F(KeyFileTest, ThatIsNoKeyIsRefused) {
  const std::string digits = to_hex(key.view());
  for (const std::string& content :
       {std::string(), std::string("\n"), digits, digits.substr(2) + '\n', digits + "00\n",
        digits + "\n\n", 'g' + digits.substr(1) + '\n', std::string(2000, 'a') + '\n'}) {
    write(content);
    EXPECT_NE(problem(), "") << content;
    EXPECT_EQ(problem().find(digits.substr(8, 16)), std::string::npos) << "tells of the key";
  }
}

TEST_F(KeyFileTest, TakesThePlaceOfAnotherThatIsOverwritten) {
  write(key_line(key));
  const auto old = directory.path() / "old.key";
  ASSERT_FALSE(create_key_file(old, "the old one\n"));
  const auto kept = directory.path() / "kept";
  std::filesystem::create_hard_link(old, kept);
  ASSERT_FALSE(replace_key_file(file, old));
  EXPECT_EQ(content_of(old), key_line(key));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(content_of(kept), std::string(12, '\0'));
}

TEST_F(KeyFileTest, TakesAnEmptyPlace) {
  write(key_line(key));
  const auto place = directory.path() / "place.key";
  ASSERT_FALSE(replace_key_file(file, place));
  EXPECT_EQ(content_of(place), key_line(key));
}

TEST_F(KeyFileTest, ThatIsMissingTakesNoPlace) {
  const auto old = directory.path() / "old.key";
  ASSERT_FALSE(create_key_file(old, "the old one\n"));
  EXPECT_TRUE(replace_key_file(file, old));
  EXPECT_EQ(content_of(old), "the old one\n");
}

}  // namespace
}  // namespace sekisho::core
