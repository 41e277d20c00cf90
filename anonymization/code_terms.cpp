// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/code_terms.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "anonymization/tables.h"
#include "core/dicom/padding.h"
#include "core/letter_case.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

/// CS (PS3.5 Table 6.2-1).
constexpr std::size_t kLongestCode = 16;
constexpr std::size_t kMostDigitsAlone = 5;   ///< of "#"
constexpr std::size_t kMostDigitsBehind = 3;  ///< of "TE#"
constexpr std::size_t kMostDigitsInName = 2;  ///< of a name that is made of terms
constexpr std::size_t kLastPosition = 3;      ///< and of every value behind it
constexpr std::string_view kSeparators = " _-+/.";
constexpr Tag kEveryElement{};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at_end(std::string_view text) {
  const auto last = std::find_if_not(text.rbegin(), text.rend(), is_digit);
  return static_cast<std::size_t>(last - text.rbegin());
}

template <class Take>
void each_word(std::string_view text, Take take) {
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kSeparators), text.size());
    if (end > 0) take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The list that an element has for one of its values.
struct ListKey {
  Tag tag;
  std::uint8_t position = 0;
  friend bool operator==(const ListKey&, const ListKey&) = default;
};
struct Term {
  ListKey list;
  std::string_view text;
  friend bool operator==(const Term&, const Term&) = default;
};
struct Hash {
  std::size_t operator()(const ListKey& key) const {
    return std::hash<std::uint64_t>()(std::uint64_t{key.tag.value} << 8U | key.position);
  }
  std::size_t operator()(const Term& term) const {
    return std::hash<std::string_view>()(term.text) ^ (operator()(term.list) * 0x9E3779B9U);
  }
};

/// The table, built once and never changed.
class CodeTerms {
 public:
  static const CodeTerms& all() {
    static const CodeTerms terms;
    return terms;
  }

  /// The list for that value; the common one where the element has none of its own.
  ListKey list_for(Tag tag, std::size_t index) const {
    const auto lists = lists_.find(tag.value);
    if (lists == lists_.end()) return {kEveryElement, 0};
    const auto position = static_cast<std::uint8_t>(std::min(index + 1, kLastPosition));
    if (lists->second.test(position)) return {tag, position};
    return lists->second.test(0) ? ListKey{tag, 0} : ListKey{kEveryElement, 0};
  }
  bool has(ListKey list, std::string_view text) const { return terms_.contains({list, text}); }
  /// Whether `text` is one or more terms of the common list, or words of them, with separators
  /// between, numbers of two digits behind or among them.
  bool is_name_of_terms(std::string_view text) const {
    bool has_word = false;
    bool is_known = true;
    each_word(text, [&](std::string_view word) {
      const std::size_t digits = digits_at_end(word);
      const std::string_view letters = word.substr(0, word.size() - digits);
      const bool is_word = words_.contains(word) || (digits <= kMostDigitsInName &&
                                                     !letters.empty() && words_.contains(letters));
      has_word |= is_word;
      is_known &= is_word || (letters.empty() && digits <= kMostDigitsInName);
    });
    return is_known && has_word;
  }

 private:
  CodeTerms() {
    for (const CodeTermRow& row : code_term_rows()) {
      const ListKey list{row.tag, row.position};
      lists_[row.tag.value].set(row.position);
      terms_.insert({list, row.term});
      if (row.tag != kEveryElement) continue;
      each_word(row.term, [this](std::string_view word) {
        if (!std::ranges::all_of(word, is_digit)) words_.insert(word);
      });
    }
  }

  /// By element: which of its values, counted from 1, have a list of their own; 0 stands for all.
  std::unordered_map<std::uint32_t, std::bitset<kLastPosition + 1>> lists_;
  std::unordered_set<Term, Hash> terms_;
  std::unordered_set<std::string_view> words_;
};

/// A term with its number as #; empty if it ends in none, or in too long a one.
std::string_view numbered(std::string_view code, std::array<char, kLongestCode + 1>& room) {
  const std::size_t digits = digits_at_end(code);
  const std::size_t letters = code.size() - digits;
  if (digits == 0 || digits > (letters == 0 ? kMostDigitsAlone : kMostDigitsBehind)) return {};
  std::ranges::copy(code.substr(0, letters), room.begin());
  room[letters] = '#';
  return {room.data(), letters + 1};
}

}  // namespace

bool is_listed_code(Tag tag, std::size_t position, std::string_view value) {
  constexpr std::string_view kCommonToo = "*";
  const std::string_view trimmed = core::dicom::without_padding(value);
  if (trimmed.empty()) return true;
  if (trimmed.size() > kLongestCode) return false;
  std::array<char, kLongestCode> capitals;
  for (std::size_t i = 0; i < trimmed.size(); ++i) {
    if (trimmed[i] == '*' || trimmed[i] == '#') return false;  // signs of the table
    capitals[i] = core::upper(trimmed[i]);
  }
  const std::string_view code(capitals.data(), trimmed.size());
  const CodeTerms& terms = CodeTerms::all();
  const ListKey list = terms.list_for(tag, position);
  if (terms.has(list, code)) return true;
  std::array<char, kLongestCode + 1> room;
  const std::string_view with_number = numbered(code, room);
  if (!with_number.empty() && terms.has(list, with_number)) return true;
  const bool is_common = list.tag == kEveryElement || terms.has(list, kCommonToo);
  return is_common && (terms.has({kEveryElement, 0}, code) || terms.is_name_of_terms(code));
}

}  // namespace sekisho::anonymization
