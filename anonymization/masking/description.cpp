// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/description.h"

#include <algorithm>
#include <array>

#include "anonymization/tables.h"
#include "core/letter_case.h"
#include "core/utf8.h"

namespace sekisho::anonymization {
namespace {

constexpr char32_t kIdeographicSpace = 0x3000;
constexpr char32_t kNoBreakSpace = 0x00A0;

/// Full-width forms of ASCII (U+FF01–FF5E), dashes and spaces as ASCII.
char32_t narrow(char32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) return code - 0xFF01 + 0x21;
  if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212) return '-';
  if (code == 0x301C) return '~';  // the wave dash of Japanese ranges
  return code == kIdeographicSpace || code == kNoBreakSpace || code < 0x20 ? ' ' : code;
}

bool is_digit(char32_t code) { return code >= '0' && code <= '9'; }
bool is_letter(char32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

/// Signs of Latin-1 and the blocks of punctuation, arrows, mathematics and shapes.
bool is_symbol(char32_t code) {
  constexpr char32_t kLettersAmongThem[] = {0xAA, 0xB5, 0xBA};
  if (code >= 0xA1 && code <= 0xBF) {
    return std::ranges::find(kLettersAmongThem, code) == std::end(kLettersAmongThem);
  }
  return code == 0xD7 || code == 0xF7 || (code >= 0x2010 && code <= 0x2BFF);
}

/// Letters of other scripts and accented ones make words that are in no vocabulary of ours: they
/// count as latin, so that "Müller" is one unknown word and not two pieces of one.
Script script_of(char32_t code) {
  if (is_letter(code) || is_digit(code) || code == '.' || code == '*' || code == '%') {
    return Script::latin;
  }
  if (code < 0x80 || is_symbol(code)) return Script::none;
  if ((code >= 0x3400 && code <= 0x9FFF) || code == 0x3005) return Script::kanji;
  if (code >= 0x3041 && code <= 0x309F) return Script::hiragana;
  if (code >= 0x30A1 && code <= 0x30FE && code != 0x30FB) return Script::katakana;
  if (code >= 0xFF66 && code <= 0xFF9F) return Script::katakana;
  if (code >= 0x3001 && code <= 0x30FB) return Script::none;
  return Script::latin;
}

struct Narrowed {
  char32_t code;
  std::string text;
};

std::vector<Narrowed> narrowed(std::string_view text) {
  std::vector<Narrowed> characters;
  while (!text.empty()) {
    const core::Utf8Character character = core::first_character(text);
    const char32_t code = narrow(character.code);
    characters.push_back({code, code < 0x80 ? std::string(1, static_cast<char>(code))
                                            : std::string(text.substr(0, character.bytes))});
    text.remove_prefix(character.bytes);
  }
  return characters;
}

constexpr std::size_t kLongestAbbreviation = 8;

/// How many of the characters are an abbreviation with a slash or a hyphen that is in the
/// vocabulary, the longest; 0 for none. One that ends in its slash ("W/CONTRAST") may run on.
std::size_t abbreviation_size(std::span<const Narrowed> from) {
  std::string text;
  std::size_t found = 0;
  for (const Narrowed& next : from.first(std::min(from.size(), kLongestAbbreviation))) {
    if (!is_letter(next.code) && next.code != '/' && next.code != '-') break;
    text += static_cast<char>(next.code);
    const bool runs_on = from.size() > text.size() && is_letter(from[text.size()].code);
    if (text.find_first_of("/-") == text.npos || (runs_on && !text.ends_with('/'))) continue;
    if (is_descriptor_entry(core::in_capitals(text))) found = text.size();
  }
  return found;
}

/// Words of the vocabulary that Japanese writes in two scripts; of two that begin alike the longer
/// first.
constexpr std::array<std::string_view, 11> kMixed = {
    "無し",     "有り",     "疑い",   "除く",         "無い",    "リンパ節",
    "心エコー", "骨シンチ", "息止め", "位置決め画像", "位置決め"};

/// How many of the characters are one of them; 0 for none.
std::size_t mixed_size(std::span<const Narrowed> from) {
  for (std::string_view word : kMixed) {
    std::size_t size = 0;
    std::string_view rest = word;
    while (!rest.empty() && size < from.size() && rest.starts_with(from[size].text)) {
      rest.remove_prefix(from[size++].text.size());
    }
    if (rest.empty()) return size;
  }
  return 0;
}

/// Puts pieces together, character by character.
class Cutter {
 public:
  void separate(const Narrowed& character) {
    after_ += character.text;
    open_ = Script::none;
  }
  void add(const Narrowed& character, Script script) {
    if (script != open_) begin(script);
    words_.back().text += character.text;
  }
  void whole(std::span<const Narrowed> characters, Script script) {
    begin(script);
    for (const Narrowed& character : characters) words_.back().text += character.text;
    open_ = Script::none;
  }
  Script open() const { return open_; }
  Description take() { return {std::move(words_), std::move(after_)}; }

 private:
  void begin(Script script) {
    words_.push_back({{}, script, std::move(after_)});
    after_.clear();
    open_ = script;
  }
  std::vector<DescriptionWord> words_;
  std::string after_;
  Script open_ = Script::none;
};

}  // namespace

Description read_description(std::string_view utf8) {
  const std::vector<Narrowed> characters = narrowed(utf8);
  Cutter cutter;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const std::span<const Narrowed> from = std::span(characters).subspan(i);
    const char32_t code = from[0].code;
    const Script script = script_of(code);
    const bool begins = script != cutter.open();
    const bool may_abbreviate = begins || (i > 0 && is_digit(characters[i - 1].code));
    if (script == Script::none || (begins && (code == '.' || code == '*'))) {
      cutter.separate(from[0]);
    } else if (const std::size_t size = may_abbreviate ? abbreviation_size(from) : 0; size > 0) {
      cutter.whole(from.first(size), script);
      i += size - 1;
    } else if (const std::size_t mixed = mixed_size(from); mixed > 0) {
      cutter.whole(from.first(mixed), Script::hiragana);
      i += mixed - 1;
    } else {
      cutter.add(from[0], script);
    }
  }
  Description description = cutter.take();
  for (DescriptionWord& word : description.words) {
    while (word.text.ends_with('.')) word.text.pop_back();  // the end of a sentence
  }
  return description;
}

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

std::string mark_in(std::string_view separation) {
  std::string mark;
  bool has_space = false;
  for (const char c : separation) {
    if (c == ' ' || c == '_') {
      has_space = !mark.empty();
      continue;
    }
    if (has_space) mark += ' ';
    has_space = false;
    mark += c;
  }
  return mark;
}

bool holds_sign_beyond_punctuation(std::string_view separation) {
  constexpr char32_t kQuoted[] = {0xAB, 0xBB, 0x2022, 0x2026};
  while (!separation.empty()) {
    const core::Utf8Character character = core::first_character(separation);
    const bool is_quotation = (character.code >= 0x2018 && character.code <= 0x201F) ||
                              std::ranges::find(kQuoted, character.code) != std::end(kQuoted);
    if (is_symbol(character.code) && !is_quotation) return true;
    separation.remove_prefix(character.bytes);
  }
  return false;
}

}  // namespace sekisho::anonymization
