// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/descriptors.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "anonymization/tables.h"

namespace sekisho::anonymization {
namespace {

/// Runs of one of these are taken together: Japanese is written without spaces, but its words
/// seldom mix them.
enum class Script : std::uint8_t { none, latin, kanji, hiragana, katakana };

struct Character {
  char32_t code;
  std::size_t bytes;
};

constexpr char32_t kInvalid = 0xFFFD;

/// The first character; one that is no UTF-8 is kInvalid and one byte.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {kInvalid, 1};
  char32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kInvalid, 1};
    code = (code << 6) | (byte(i) & 0x3FU);
  }
  return {code, size};
}

/// Full-width forms of ASCII (U+FF01–FF5E) as ASCII.
char32_t narrow(char32_t code) {
  return code >= 0xFF01 && code <= 0xFF5E ? code - 0xFF01 + 0x21 : code;
}

bool is_digit(char32_t code) { return code >= '0' && code <= '9'; }
bool is_letter(char32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

/// Letters of other scripts and accented ones make words that are in no vocabulary of ours: they
/// count as latin, so that "Müller" is one unknown word and not two pieces of one.
Script script_of(char32_t code) {
  if (is_letter(code) || is_digit(code) || code == '.' || code == '*' || code == '%') {
    return Script::latin;
  }
  if (code < 0x80 || code == 0x3000 || code == 0x00A0) return Script::none;
  if ((code >= 0x3400 && code <= 0x9FFF) || code == 0x3005) return Script::kanji;
  if (code >= 0x3041 && code <= 0x309F) return Script::hiragana;
  if (code >= 0x30A1 && code <= 0x30FE && code != 0x30FB) return Script::katakana;
  if (code >= 0x3001 && code <= 0x30FB) return Script::none;
  return Script::latin;
}

bool is_in(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::binary_search(words, word);
}

std::string upper(std::string_view word) {
  std::string capitals(word);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

/// How a word may stay.
enum class Standing : std::uint8_t { unknown, beside, alone };

constexpr std::size_t kMostDigits = 4;

/// The size of the number at the front: up to four digits, a decimal point among them.
std::size_t number_size(std::string_view word) {
  std::size_t digits = 0;
  std::size_t points = 0;
  std::size_t size = 0;
  for (; size < word.size(); ++size) {
    if (word[size] == '.') {
      ++points;
    } else if (is_digit(static_cast<unsigned char>(word[size]))) {
      ++digits;
    } else {
      break;
    }
  }
  return digits >= 1 && digits <= kMostDigits && points <= 1 && word[0] != '.' &&
                 word[size - 1] != '.'
             ? size
             : 0;
}

bool is_unit(std::string_view word) {
  return std::ranges::any_of(descriptor_units(),
                             [&](std::string_view unit) { return upper(unit) == upper(word); });
}

Standing latin_standing(std::string_view word) {
  const std::string capitals = upper(word);
  if (is_in(descriptor_words_alone(), capitals)) return Standing::alone;
  if (is_in(descriptor_words_beside(), capitals)) return Standing::beside;
  const std::size_t number = number_size(word);
  return number > 0 && number < word.size() && is_unit(word.substr(number)) ? Standing::alone
                                                                            : Standing::unknown;
}

/// A run of one Japanese script: known if it can be cut into known words without a remainder, and
/// standing alone if one of them does. The best over all cuts, from the back.
Standing run_standing(std::string_view run) {
  std::vector<Standing> from(run.size() + 1, Standing::unknown);
  from[run.size()] = Standing::beside;
  for (std::size_t at = run.size(); at-- > 0;) {
    for (std::size_t size = 1; at + size <= run.size(); ++size) {
      const Standing rest = from[at + size];
      if (rest == Standing::unknown) continue;
      const auto word = run.substr(at, size);
      const Standing standing = is_in(descriptor_words_alone(), word)    ? Standing::alone
                                : is_in(descriptor_words_beside(), word) ? Standing::beside
                                                                         : Standing::unknown;
      if (standing != Standing::unknown) from[at] = std::max({from[at], standing, rest});
    }
  }
  return from[0];
}

struct Word {
  std::string text;
  Script script;
  bool separated;  ///< something stands between it and the word before
  Standing standing = Standing::unknown;
};

/// Japanese descriptions are seldom long; a text of megabytes is none.
constexpr std::size_t kLongestRun = 300;

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  bool separated = false;
  Script previous = Script::none;
  while (!text.empty()) {
    const Character character = first_character(text);
    const char32_t code = narrow(character.code);
    const Script script = script_of(code);
    if (script == Script::none) {
      separated = true;
    } else {
      if (script != previous) {
        words.push_back({{}, script, separated});
        separated = false;
      }
      if (code < 0x80) {
        words.back().text += static_cast<char>(code);
      } else {
        words.back().text += text.substr(0, character.bytes);
      }
    }
    previous = script;
    text.remove_prefix(character.bytes);
  }
  return words;
}

void judge(std::vector<Word>& words) {
  for (Word& word : words) {
    if (word.script == Script::latin) {
      while (word.text.ends_with('.')) word.text.pop_back();  // the end of a sentence
      word.standing = latin_standing(word.text);
    } else if (word.text.size() <= kLongestRun) {
      word.standing = run_standing(word.text);
    }
  }
  // "5 mm": a number and, right behind it, its unit.
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    Word& number = words[i];
    Word& unit = words[i + 1];
    if (number.script == Script::latin && !number.text.empty() &&
        number_size(number.text) == number.text.size() && is_unit(unit.text)) {
      number.standing = unit.standing = Standing::alone;
    }
  }
}

bool is_kept(const std::vector<Word>& words, std::size_t i) {
  const auto stands_alone = [&](std::size_t at) {
    return at < words.size() && words[at].standing == Standing::alone;
  };
  switch (words[i].standing) {
    case Standing::alone:
      return true;
    case Standing::beside:
      return stands_alone(i + 1) || (i > 0 && stands_alone(i - 1));
    case Standing::unknown:
      break;
  }
  return false;
}

}  // namespace

bool is_descriptor_word(std::string_view utf8_word) {
  std::vector<Word> words = words_of(utf8_word);
  judge(words);
  return words.size() == 1 && words[0].standing == Standing::alone && !words[0].separated &&
         script_of(narrow(first_character(utf8_word).code)) != Script::none;
}

std::string clean_descriptor(std::string_view utf8) {
  std::vector<Word> words = words_of(utf8);
  judge(words);
  std::string cleaned;
  bool separated = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    separated |= words[i].separated;
    if (!is_kept(words, i)) {
      separated = true;
      continue;
    }
    if (separated && !cleaned.empty()) cleaned += ' ';
    cleaned += words[i].text;
    separated = false;
  }
  return cleaned;
}

}  // namespace sekisho::anonymization
