// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::anonymization {

/// Runs of one of these are taken together: Japanese is written without spaces, but its words
/// seldom mix them.
enum class Script : std::uint8_t { none, latin, kanji, hiragana, katakana };

/// A piece of a description, and what stands between it and the piece before.
struct DescriptionWord {
  std::string text;  ///< UTF-8, full-width forms of ASCII as ASCII
  Script script = Script::none;
  std::string before;  ///< spaces and marks; empty where the script alone changes
};

/// A description in pieces: of its marks nothing is lost.
struct Description {
  std::vector<DescriptionWord> words;
  std::string after;  ///< the last of them
};

/// Cuts a text into words. Abbreviations with a slash or a hyphen that are in the vocabulary
/// ("W/O", "C-SPINE") are one word, and so are Japanese ones that mix kanji and hiragana (無し).
/// UTF-8; what is none is a word of its own that no vocabulary holds.
Description read_description(std::string_view utf8);

bool is_ascii_digit(char c);

/// What is between two words without the spaces around it; spaces within it are single ones.
std::string mark_in(std::string_view separation);
/// Whether a separation holds more than ASCII's and Japanese punctuation: "±", "≤", "→".
bool holds_sign_beyond_punctuation(std::string_view separation);

}  // namespace sekisho::anonymization
