// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/message.h"

#include <algorithm>
#include <string_view>

#include "core/encoding.h"
#include "core/internet_date.h"
#include "core/utf8.h"

namespace sekisho::mail {
namespace {

constexpr std::string_view kEnd = "\r\n";
/// RFC 2047 §2: a line with an encoded word has 76 characters at most. 39 bytes are 52 characters
/// of base64 and 12 around them, which leaves room for "Subject: ".
constexpr std::size_t kWordBytes = 39;
constexpr std::size_t kLineOfBase64 = 76;                  // RFC 2045 §6.8
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// The next character of `text`, which is made shorter by it.
std::string_view take_character(std::string_view& text) {
  const std::size_t length = core::utf8_length(text);
  const std::string_view taken = length == 0 ? kReplacement : text.substr(0, length);
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return taken.size() == 1 && is_control(taken.front()) ? std::string_view(" ") : taken;
}

/// Encoded words on lines of their own: a character is never divided (RFC 2047 §5).
std::string encoded_words(std::string_view text) {
  std::string words;
  std::string word;
  const auto end_word = [&] {
    if (!words.empty()) words.append(kEnd).append(" ");
    words.append("=?UTF-8?B?").append(core::to_base64(core::as_bytes(word))).append("?=");
    word.clear();
  };
  while (!text.empty()) {
    const std::string_view character = take_character(text);
    if (word.size() + character.size() > kWordBytes) end_word();
    word.append(character);
  }
  if (!word.empty()) end_word();
  return words;
}

/// With the lines of a mail (RFC 2045 §6.8: canonical form), then in base64.
std::string encoded_text(std::string_view text) {
  std::string canonical;
  while (!text.empty()) {
    if (text.front() == '\n') {
      canonical.append(kEnd);
      text.remove_prefix(1);
    } else {
      canonical.append(take_character(text));
    }
  }
  const std::string base64 = core::to_base64(core::as_bytes(canonical));
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += kLineOfBase64) {
    lines.append(base64, at, kLineOfBase64).append(kEnd);
  }
  return lines;
}

void add_field(std::string& message, std::string_view name, std::string_view value) {
  message.append(name).append(": ").append(value).append(kEnd);
}

}  // namespace

std::string message_of(const Letter& letter, const Sender& sender) {
  const std::string domain = sender.address.substr(sender.address.find('@') + 1);
  const std::string from = '<' + sender.address + '>';
  std::string message;
  add_field(message, "Date", core::to_internet_date(letter.written_at, "+0000"));
  // An address may have 254 bytes: it has a line of its own.
  add_field(message, "From",
            sender.name.empty() ? from
                                : encoded_words(sender.name).append(kEnd).append(" ").append(from));
  add_field(message, "To", '<' + letter.to + '>');
  add_field(message, "Message-ID", '<' + letter.id.text() + '@' + domain + '>');
  add_field(message, "Subject", encoded_words(letter.subject));
  add_field(message, "Auto-Submitted", "auto-generated");  // RFC 3834 §5
  add_field(message, "MIME-Version", "1.0");
  add_field(message, "Content-Type", "text/plain; charset=UTF-8");
  add_field(message, "Content-Transfer-Encoding", "base64");
  return message.append(kEnd).append(encoded_text(letter.text));
}

}  // namespace sekisho::mail
