// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/name_match.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/spelling.h"

namespace sekisho::dicomweb {
namespace {

using core::fold_spelling;

constexpr std::size_t kMostWords = 32;

bool is_separator(char c) {
  return c == ' ' || c == '^' || c == ',' || c == '-' || c == '+' || c == '=' || c == '\\';
}

/// What stands between spaces, carets and the like.
std::vector<std::string> words_of(std::string_view folded) {
  std::vector<std::string> words;
  auto at = folded.begin();
  while (true) {
    at = std::find_if_not(at, folded.end(), is_separator);
    if (at == folded.end()) return words;
    const auto end = std::find_if(at, folded.end(), is_separator);
    words.emplace_back(at, end);
    at = end;
  }
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += word;
  return joined;
}

/// Whatever may follow.
Wildcard beginning(std::string word) { return Wildcard(std::move(word) + '*'); }

}  // namespace

FuzzyName::FuzzyName(std::string_view asked) {
  auto words = words_of(fold_spelling(asked));
  // A lone * between others is how clients spell "and whatever follows".
  std::erase_if(words, [](const std::string& word) {
    return word.find_first_not_of('*') == std::string::npos;
  });
  if (words.empty()) return;
  joined_.push_back(beginning(join(words)));
  // Who writes more writes no name; each is looked for in each row.
  if (words.size() > kMostWords) return;
  for (std::string& word : words) words_.push_back(beginning(std::move(word)));
}

bool FuzzyName::matches(std::string_view name) const {
  if (joined_.empty()) return false;
  const std::string folded = fold_spelling(name);
  const auto words = words_of(folded);
  const auto is_begun = [&](const Wildcard& asked) {
    return std::ranges::any_of(words, [&](const std::string& word) { return asked.matches(word); });
  };
  if (!words_.empty() && std::ranges::all_of(words_, is_begun)) return true;
  std::string_view rest = folded;
  while (true) {
    const std::size_t equals = rest.find('=');
    if (joined_.front().matches(join(words_of(rest.substr(0, equals))))) return true;
    if (equals == std::string_view::npos) return false;
    rest.remove_prefix(equals + 1);
  }
}

}  // namespace sekisho::dicomweb
