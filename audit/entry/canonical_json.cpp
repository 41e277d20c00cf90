// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/canonical_json.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/utf8.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kCutMark = "\xE2\x80\xA6";      // U+2026

/// RFC 8785 §3.2.2.2: the characters with an escape of two characters.
struct ShortEscape {
  char character;
  char letter;
};
constexpr ShortEscape kShortEscapes[] = {{'"', '"'},  {'\\', '\\'}, {'\b', 'b'}, {'\t', 't'},
                                         {'\n', 'n'}, {'\f', 'f'},  {'\r', 'r'}};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

/// Printable ASCII that stands for itself between quotes. A table: verify() reads gigabytes.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();
/// An object, which std::find_if_not can look into, where a function is called for each byte.
constexpr auto is_plain = [](char c) { return kPlain[static_cast<unsigned char>(c)]; };

/// One character as it stands between quotes.
void append_character(std::string& out, std::string_view character) {
  for (const ShortEscape& escape : kShortEscapes) {
    if (character.front() == escape.character) {
      out += '\\';
      out += escape.letter;
      return;
    }
  }
  if (is_control(character.front())) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u00";
    out += kHex[static_cast<unsigned char>(character.front()) >> 4];
    out += kHex[static_cast<unsigned char>(character.front()) & 0x0F];
    return;
  }
  out += character;
}

}  // namespace

void append_text(std::string& out, std::string_view value, std::size_t limit_bytes) {
  out += '"';
  if (value.size() <= limit_bytes && std::all_of(value.begin(), value.end(), is_plain)) {
    out += value;
    out += '"';
    return;
  }
  const std::size_t start = out.size();
  std::size_t cut = start;  // how far the text may reach with the mark behind it
  while (!value.empty()) {
    const std::size_t length = core::utf8_length(value);
    append_character(out, length == 0 ? kReplacement : value.substr(0, length));
    value.remove_prefix(std::max<std::size_t>(length, 1));
    const std::size_t written = out.size() - start;
    if (written + kCutMark.size() <= limit_bytes) cut = out.size();
    if (written > limit_bytes) {
      out.resize(cut);
      out += kCutMark;
      break;
    }
  }
  out += '"';
}

ObjectWriter::ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

void ObjectWriter::name(std::string_view name) {
  if (out_.back() != '{') out_ += ',';
  out_ += '"';
  out_ += name;
  out_ += "\":";
}

void ObjectWriter::text(std::string_view name_of_it, std::string_view value,
                        std::size_t limit_bytes) {
  if (value.empty()) return;
  name(name_of_it);
  append_text(out_, value, limit_bytes);
}

void ObjectWriter::number(std::string_view name_of_it, std::optional<std::uint64_t> value) {
  if (!value) return;
  name(name_of_it);
  out_ += std::to_string(std::min(*value, kMaxJsonNumber));
}

void ObjectWriter::close() { out_ += '}'; }

/// Most of what is asked for is not there, and its last byte tells.
bool CanonicalReader::take(std::string_view expected) {
  if (failed_ || rest_.size() < expected.size() || rest_[expected.size() - 1] != expected.back() ||
      !rest_.starts_with(expected)) {
    return false;
  }
  rest_.remove_prefix(expected.size());
  return true;
}

void CanonicalReader::expect(std::string_view expected) {
  if (!take(expected)) fail();
}

std::uint64_t CanonicalReader::number() {
  std::uint64_t value = 0;
  const char* const begin = rest_.data();
  const auto read = std::from_chars(begin, begin + rest_.size(), value);
  const bool leading_zero = rest_.starts_with('0') && read.ptr != begin + 1;
  if (failed_ || read.ec != std::errc{} || leading_zero || value > kMaxJsonNumber) {
    fail();
    return 0;
  }
  rest_.remove_prefix(static_cast<std::size_t>(read.ptr - begin));
  return value;
}

/// Of the escape at the front; 0 where it is not the one that RFC 8785 prescribes.
std::size_t CanonicalReader::escape_length() const {
  if (rest_.size() < 2) return 0;
  for (const ShortEscape& escape : kShortEscapes) {
    if (rest_[1] == escape.letter) return 2;
  }
  const auto is_lower_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (rest_.size() < 6 || !rest_.starts_with("\\u00") || (rest_[4] != '0' && rest_[4] != '1') ||
      !is_lower_hex(rest_[5])) {
    return 0;
  }
  const char character = static_cast<char>(
      (rest_[4] - '0') * 16 + (rest_[5] <= '9' ? rest_[5] - '0' : rest_[5] - 'a' + 10));
  const bool has_short_form =
      std::any_of(std::begin(kShortEscapes), std::end(kShortEscapes),
                  [character](const ShortEscape& escape) { return escape.character == character; });
  return has_short_form ? 0 : 6;
}

std::string_view CanonicalReader::text() {
  expect("\"");
  const char* const begin = rest_.data();
  while (!failed_) {
    const auto special = std::find_if_not(rest_.begin(), rest_.end(), is_plain);
    rest_.remove_prefix(static_cast<std::size_t>(special - rest_.begin()));
    if (rest_.starts_with('"')) break;
    std::size_t length = 0;
    if (rest_.starts_with('\\')) {
      length = escape_length();
    } else if (!rest_.empty() && !is_control(rest_.front())) {
      length = core::utf8_length(rest_);
    }
    if (length == 0) fail();
    rest_.remove_prefix(length);
  }
  const std::string_view content(begin, static_cast<std::size_t>(rest_.data() - begin));
  expect("\"");
  return failed_ ? std::string_view{} : content;
}

std::string CanonicalReader::decoded_text() {
  std::string_view content = text();
  if (content.find('\\') == std::string_view::npos) return std::string(content);
  std::string decoded;
  while (!content.empty()) {
    if (content.front() != '\\') {
      decoded += content.front();
      content.remove_prefix(1);
    } else if (content[1] == 'u') {
      unsigned value = 0;
      std::from_chars(content.data() + 4, content.data() + 6, value, 16);
      decoded += static_cast<char>(value);
      content.remove_prefix(6);
    } else {
      const auto escape =
          std::find_if(std::begin(kShortEscapes), std::end(kShortEscapes),
                       [&](const ShortEscape& known) { return known.letter == content[1]; });
      decoded += escape->character;
      content.remove_prefix(2);
    }
  }
  return decoded;
}

}  // namespace sekisho::audit
