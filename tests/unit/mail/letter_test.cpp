// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/letter.h"

#include <gtest/gtest.h>

#include "core/utf8.h"
#include "support/access_house.h"

namespace sekisho::mail {
namespace {

const core::Time kNow = tests::moment("2026-02-01T09:00:00Z");
const std::string kDoor = "https://share.hospital.example";
const std::string kLink = kDoor + "/r/0123456789abcdef0123456789abcdef#skr_secret";

Occasion occasion(std::string_view language) {
  return {"sato@kita.example", language, kDoor, kNow};
}

TEST(Letter, AResetHasTheLinkOnALineOfItsOwnAndTheDoor) {
  for (const char* language : {"ja", "en"}) {
    const Letter letter = reset_letter(occasion(language), kLink, kNow + std::chrono::minutes(30));
    EXPECT_EQ(letter.to, "sato@kita.example");
    EXPECT_NE(letter.text.find("\n" + kLink + "\n"), std::string::npos) << language;
    EXPECT_LT(letter.text.find(kDoor), letter.text.find(kLink)) << language;
    EXPECT_EQ(letter.useful_until, kNow + std::chrono::minutes(30));
    EXPECT_EQ(letter.written_at, kNow);
  }
}

TEST(Letter, IsInTheLanguageOfItsReader) {
  EXPECT_EQ(warning_letter(occasion("en")).subject, "Your password was used");
  EXPECT_EQ(warning_letter(occasion("ja")).subject, "パスワードが使われました");
  EXPECT_EQ(change_letter(occasion("en")).subject, "What you sign in with was changed");
  EXPECT_EQ(change_letter(occasion("ja")).subject, "ログイン方法が変更されました");
  EXPECT_EQ(reset_letter(occasion("en"), kLink, kNow).subject, "Choose a new password");
  EXPECT_EQ(reset_letter(occasion("ja"), kLink, kNow).subject, "パスワードの再設定");
}

TEST(Letter, LeavesNoPlaceholderAndIsUtf8) {
  for (const char* language : {"ja", "en"}) {
    for (const Letter& letter :
         {reset_letter(occasion(language), kLink, kNow), warning_letter(occasion(language)),
          change_letter(occasion(language))}) {
      EXPECT_EQ(letter.text.find_first_of("{}\r\t"), std::string::npos) << letter.text;
      EXPECT_TRUE(core::is_utf8(letter.text) && core::is_utf8(letter.subject));
      EXPECT_EQ(letter.subject.find('\n'), std::string::npos);
      EXPECT_EQ(letter.text.back(), '\n');
    }
  }
}

TEST(Letter, HasAnIdOfItsOwn) {
  EXPECT_NE(warning_letter(occasion("en")).id, warning_letter(occasion("en")).id);
}

}  // namespace
}  // namespace sekisho::mail
