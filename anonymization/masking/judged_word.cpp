// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/judged_word.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "anonymization/tables.h"
#include "core/letter_case.h"

namespace sekisho::anonymization {
namespace {

bool is_in(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::binary_search(words, word);
}

bool holds_any(std::string_view text, std::span<const std::string_view> parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

constexpr std::size_t kMostDigits = 4;

/// The size of the number at the front: up to four digits, a decimal point among them.
std::size_t number_size(std::string_view word) {
  std::size_t digits = 0;
  std::size_t points = 0;
  std::size_t size = 0;
  for (; size < word.size(); ++size) {
    if (word[size] == '.') {
      ++points;
    } else if (is_ascii_digit(word[size])) {
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

/// Numbers and codes with a number ("B30f", "1.0"). None of its numbers is a zero, which would deny
/// what it counts (N0, M0), and its letters are too few for a
/// word and do not begin as a side does.
bool is_number(std::string_view word) {
  constexpr std::ptrdiff_t kMostLetters = 2;
  const auto letters =
      std::ranges::count_if(word, [](char c) { return !is_ascii_digit(c) && c != '.'; });
  if (std::string_view("LlRr").find(word[0]) != std::string_view::npos) return false;
  bool has_number = false;
  for (std::size_t at = word.find_first_of("0123456789"); at != word.npos;) {
    const std::size_t end = std::min(word.find_first_not_of("0123456789.", at), word.size());
    const bool is_zero = word.substr(at, end - at).find_first_not_of("0.") == word.npos;
    if (is_zero) return false;
    has_number = true;
    at = word.find_first_of("0123456789", end);
  }
  return has_number && letters <= kMostLetters;
}

Standing latin_standing(std::string_view word) {
  const std::string capitals = core::in_capitals(word);
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

/// In a run that nobody knows these may deny what stands beside it or say which side it is on.
constexpr std::array<std::string_view, 25> kTurningParts = {
    "左",   "右",     "両",   "無",     "未",   "非",   "否",     "除",   "疑",
    "陰",   "不",     "外",   "ない",   "なし", "なく", "ません", "めず", "せず",
    "れず", "ひだり", "みぎ", "ヒダリ", "ミギ", "ﾋﾀﾞﾘ", "ﾐｷﾞ"};

constexpr std::array<std::string_view, 3> kSideParts = {"左", "右", "両"};
/// In one that is known these deny what it names: 左以外, 未造影.
constexpr std::array<std::string_view, 8> kDenyingParts = {"無", "未", "非", "否",
                                                           "除", "疑", "不", "以外"};

/// Of a run of Japanese. A known one that holds a side and what it is the side of speaks for itself
/// (左膝).
Sense run_sense(std::string_view run, Standing standing) {
  if (is_in(descriptor_turns(), run)) return Sense::turn;
  if (is_in(descriptor_sides(), run)) return Sense::side;
  if (is_in(descriptor_states(), run)) return Sense::state;
  const bool is_known = standing != Standing::unknown;
  const bool may_turn = is_known ? holds_any(run, kDenyingParts) : holds_any(run, kTurningParts);
  if (may_turn) return Sense::turn;
  return is_known && holds_any(run, descriptor_states()) ? Sense::state : Sense::none;
}

/// With a number beside it ("3R", "NO47") a word says what it says alone. But L5 is a vertebra.
Sense latin_sense(std::string_view word) {
  constexpr std::string_view kDigits = "0123456789.";
  const std::size_t begin = std::min(word.find_first_not_of(kDigits), word.size());
  const std::size_t end = word.find_last_not_of(kDigits) + 1;
  const bool is_level = word.size() == 2 && begin == 0 && end == 1 && word[1] <= '6';
  if (is_level) return Sense::none;
  const std::string capitals = core::in_capitals(word.substr(begin, end > begin ? end - begin : 0));
  if (is_in(descriptor_turns(), capitals)) return Sense::turn;
  if (is_in(descriptor_sides(), capitals)) return Sense::side;
  return is_in(descriptor_states(), capitals) ? Sense::state : Sense::none;
}

/// Japanese descriptions are seldom long; a text of megabytes is none.
constexpr std::size_t kLongestRun = 300;

}  // namespace

JudgedWord judged(DescriptionWord&& from, Repertoire repertoire) {
  JudgedWord word{std::move(from.text), from.script, std::move(from.before)};
  if (word.script == Script::latin) {
    word.standing = latin_standing(word.text);
    word.sense = latin_sense(word.text);
    word.is_number =
        word.standing == Standing::unknown && word.sense == Sense::none && is_number(word.text);
  } else if (word.text.size() <= kLongestRun) {
    word.standing = run_standing(word.text);
    word.sense = run_sense(word.text, word.standing);
  }
  const bool is_ascii =
      std::ranges::all_of(word.text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (repertoire == Repertoire::ascii && !is_ascii) {
    word.standing = Standing::unknown;
    if (holds_any(word.text, kTurningParts)) word.sense = Sense::turn;
  }
  return word;
}

bool is_letter_of_side(const JudgedWord& word) {
  return word.sense == Sense::side && word.script == Script::latin &&
         word.standing == Standing::beside;
}

bool holds_side(const JudgedWord& word) {
  return word.sense == Sense::side || holds_any(word.text, kSideParts);
}

bool is_ordinal(std::string_view word) {
  constexpr std::array<std::string_view, 4> kEndings = {"ST", "ND", "RD", "TH"};
  constexpr std::size_t kEnding = 2;
  if (word.size() <= kEnding || word.size() > 2 * kEnding || word[0] == '0') return false;
  const std::string_view number = word.substr(0, word.size() - kEnding);
  return std::ranges::all_of(number, is_ascii_digit) &&
         std::ranges::find(kEndings, core::in_capitals(word.substr(number.size()))) !=
             kEndings.end();
}

bool is_plain_number(std::string_view word) {
  return !word.empty() && number_size(word) == word.size();
}

bool is_unit(std::string_view word) {
  return std::ranges::any_of(descriptor_units(), [&](std::string_view unit) {
    return core::in_capitals(unit) == core::in_capitals(word);
  });
}

}  // namespace sekisho::anonymization
