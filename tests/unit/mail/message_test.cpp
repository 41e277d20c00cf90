// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoding.h"
#include "core/utf8.h"
#include "support/access_house.h"

namespace sekisho::mail {
namespace {

const Sender kSender{"sekisho@hospital.example", "関所総合病院"};

Letter a_letter() {
  Letter letter;
  letter.id = LetterId::parse("0123456789abcdef0123456789abcdef").value();
  letter.to = "sato@kita.example";
  letter.subject = "Choose a new password";
  letter.text = "A line.\nAnother.\n";
  letter.written_at = tests::moment("2026-02-01T09:05:07.123456Z");
  letter.useful_until = letter.written_at + std::chrono::minutes(30);
  return letter;
}

/// What a reader makes of a message: by the text of RFC 5322, 2045 and 2047, and nothing of ours.
struct Read {
  std::vector<std::pair<std::string, std::string>> fields;  // unfolded
  std::string text;
  std::string field(std::string_view name) const {
    std::string found;
    for (const auto& [each, value] : fields) {
      if (each == name) found += value;
    }
    return found;
  }
};

std::string decoded(std::string_view base64) {
  const auto bytes = core::from_base64(base64);
  EXPECT_TRUE(bytes) << base64;
  return bytes ? std::string(core::as_text(*bytes)) : "";
}

Read read(const std::string& message) {
  Read read;
  std::size_t at = 0;
  bool in_body = false;
  std::string body;
  while (at < message.size()) {
    const std::size_t end = message.find("\r\n", at);
    EXPECT_NE(end, std::string::npos) << "a line without its end";
    if (end == std::string::npos) break;
    const std::string line = message.substr(at, end - at);
    EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    at = end + 2;
    EXPECT_LE(line.size(), 76U) << line;  // RFC 2047 §2, RFC 2045 §6.8
    if (in_body) {
      body += line;
    } else if (line.empty()) {
      in_body = true;
    } else if (line.front() == ' ') {
      read.fields.back().second += line;
    } else {
      const std::size_t colon = line.find(": ");
      EXPECT_NE(colon, std::string::npos) << line;
      read.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
  }
  read.text = decoded(body);
  return read;
}

/// Encoded words behind each other, and what is not encoded.
std::string words_of(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const std::string_view word = value.substr(0, value.find(' '));
    value.remove_prefix(std::min(word.size() + 1, value.size()));
    if (word.starts_with("=?UTF-8?B?")) {
      EXPECT_LE(word.size(), 75U);
      const std::string part = decoded(word.substr(10, word.size() - 12));
      EXPECT_TRUE(core::is_utf8(part)) << "a character was divided";
      text += part;
    } else {
      text += word;
    }
  }
  return text;
}

TEST(Message, SaysFromWhomToWhomAndWhen) {
  const Read message = read(message_of(a_letter(), kSender));
  EXPECT_EQ(message.field("Date"), "Sun, 01 Feb 2026 09:05:07 +0000");
  EXPECT_EQ(words_of(message.field("From")), "関所総合病院<sekisho@hospital.example>");
  EXPECT_EQ(message.field("To"), "<sato@kita.example>");
  EXPECT_EQ(message.field("Message-ID"), "<0123456789abcdef0123456789abcdef@hospital.example>");
  EXPECT_EQ(words_of(message.field("Subject")), "Choose a new password");
  EXPECT_EQ(message.field("Auto-Submitted"), "auto-generated");
  EXPECT_EQ(message.field("Content-Type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(message.text, "A line.\r\nAnother.\r\n");
  EXPECT_EQ(read(message_of(a_letter(), {kSender.address})).field("From"),
            "<sekisho@hospital.example>");
}

TEST(Message, IsTheSameHoweverOftenItIsMade) {
  EXPECT_EQ(message_of(a_letter(), kSender), message_of(a_letter(), kSender));
}

/// What somebody might get into a subject, a name or a text, and how it is read then.
struct Nasty {
  std::string written;
  std::string read_in_a_field;
  std::string read_in_the_text;
};

const std::vector<Nasty>& nasty_texts() {
  static const std::string kBad = "\xEF\xBF\xBD";
  static const std::vector<Nasty> kTexts = {
      {"", "", ""},
      {"\r\nBcc: x@evil.example", "  Bcc: x@evil.example", " \r\nBcc: x@evil.example"},
      {"\nBcc: x@evil.example", " Bcc: x@evil.example", "\r\nBcc: x@evil.example"},
      {"\rBcc: x@evil.example", " Bcc: x@evil.example", " Bcc: x@evil.example"},
      {"a\r\n\r\n<html>", "a    <html>", "a \r\n \r\n<html>"},
      {"a\r\n.\r\nMAIL FROM:<x@evil.example>", "a  .  MAIL FROM:<x@evil.example>",
       "a \r\n. \r\nMAIL FROM:<x@evil.example>"},
      {"?=\r\nX: =?UTF-8?B?", "?=  X: =?UTF-8?B?", "?= \r\nX: =?UTF-8?B?"},
      {"=?UTF-8?B?QmNj?=", "=?UTF-8?B?QmNj?=", "=?UTF-8?B?QmNj?="},
      {"a\tb\x7F\x1B[31m", "a b  [31m", "a b  [31m"},
      {std::string("a\0b", 3), "a b", "a b"},
      {"\xFF\xFE", kBad + kBad, kBad + kBad},
      {"\xC0\x8A"
       "Bcc:",
       kBad + kBad + "Bcc:", kBad + kBad + "Bcc:"},  // an overlong line feed
      {"パスワード\xE3\x83", "パスワード" + kBad + kBad, "パスワード" + kBad + kBad},
      {"\xED\xA0\x80", kBad + kBad + kBad, kBad + kBad + kBad},  // a surrogate
      {"𠮷野家", "𠮷野家", "𠮷野家"},
      {"関所総合病院の画像共有サイトのパスワードを再設定するためのご案内でございます",
       "関所総合病院の画像共有サイトのパスワードを再設定するためのご案内でございます",
       "関所総合病院の画像共有サイトのパスワードを再設定するためのご案内でございます"},
      {std::string(5000, 'x'), std::string(5000, 'x'), std::string(5000, 'x')},
  };
  return kTexts;
}

TEST(Message, NothingInATextBeginsAField) {
  const std::size_t usual = read(message_of(a_letter(), kSender)).fields.size();
  for (const Nasty& nasty : nasty_texts()) {
    Letter letter = a_letter();
    letter.subject = letter.text = nasty.written;
    const Read message = read(message_of(letter, {kSender.address, nasty.written}));
    EXPECT_EQ(message.fields.size(), usual) << nasty.written;
    EXPECT_EQ(message.field("Bcc"), "");
    EXPECT_EQ(words_of(message.field("Subject")), nasty.read_in_a_field);
    EXPECT_EQ(words_of(message.field("From")),
              nasty.read_in_a_field + "<sekisho@hospital.example>");
    EXPECT_EQ(message.text, nasty.read_in_the_text);
  }
}

}  // namespace
}  // namespace sekisho::mail
