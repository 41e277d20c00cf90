// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "anonymization/masking/description.h"

namespace sekisho::anonymization {

/// How a word may stay.
enum class Standing : std::uint8_t { unknown, beside, alone };

/// What it does to the words beside it: see tables/descriptor-words.tsv.
enum class Sense : std::uint8_t { none, turn, side, state };

/// The characters that what is left may be written in.
enum class Repertoire : std::uint8_t { unicode, ascii };

/// A word of a description with what the vocabulary says of it.
struct JudgedWord {
  std::string text;
  Script script = Script::none;
  std::string before;  ///< see DescriptionWord
  Standing standing = Standing::unknown;
  Sense sense = Sense::none;
  bool is_number = false;  ///< one that can deny nothing when it goes: not zero
  bool is_kept = false;    ///< for whoever decides on it
};

/// By itself, without what stands beside it.
JudgedWord judged(DescriptionWord&& word, Repertoire repertoire);

/// The letter of a side, which could be an initial.
bool is_letter_of_side(const JudgedWord& word);
/// It says which side, whatever else it says.
bool holds_side(const JudgedWord& word);
/// "1ST" to "99TH".
bool is_ordinal(std::string_view word);
/// A number that may have a unit: up to four digits, a decimal point among them.
bool is_plain_number(std::string_view word);
bool is_unit(std::string_view word);

}  // namespace sekisho::anonymization
