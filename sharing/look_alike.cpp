// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/look_alike.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/spelling.h"
#include "core/utf8.h"

namespace sekisho::sharing {
namespace {

/// What a house may be besides its name, longer ones before what they begin with.
constexpr std::array<std::string_view, 22> kForms = {
    "地方独立行政法人",   "独立行政法人", "国立病院機構", "国立大学法人", "公立大学法人",
    "特定非営利活動法人", "社会医療法人", "特定医療法人", "社会福祉法人", "医療法人社団",
    "医療法人財団",       "医療法人",     "一般社団法人", "公益社団法人", "一般財団法人",
    "公益財団法人",       "学校法人",     "株式会社",     "有限会社",     "合同会社",
    "総合病院",           "診療所"};
constexpr std::array<std::string_view, 3> kKinds = {"クリニック", "医院", "病院"};
/// Whole words alone: "Prince" has "inc" in it.
constexpr std::array<std::string_view, 9> kWords = {"clinic",      "hospital", "inc", "ltd", "co",
                                                    "corporation", "kk",       "the", "npo"};

void remove_all(std::string& text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.erase(at, part.size());
  }
}

std::string without_forms(std::string name) {
  static const std::vector<std::string> kBare = [] {
    std::vector<std::string> bare;
    for (const std::string_view form : kForms) bare.push_back(core::bare_spelling(form));
    for (const std::string_view kind : kKinds) bare.push_back(core::bare_spelling(kind));
    return bare;
  }();
  for (const std::string& form : kBare) remove_all(name, form);
  return name;
}

/// Bare, and without the words that any house may be called.
std::string without_words(std::string_view name) {
  const std::string folded = core::fold_spelling(name);
  std::string left;
  std::string_view rest = folded;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(" ,-/&()"), rest.size());
    const std::string word = core::bare_spelling(rest.substr(0, end));
    if (std::ranges::find(kWords, word) == kWords.end()) left += word;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return left;
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !continues(byte); }));
}

std::string_view without_first(std::string_view text) {
  return text.substr(std::min(std::max(core::utf8_length(text), std::size_t{1}), text.size()));
}

/// One letter more in one of them, or another. They are not the same.
bool is_one_letter_apart(std::string_view one, std::string_view other) {
  const auto [at, there] = std::ranges::mismatch(one, other);
  auto same = static_cast<std::size_t>(at - one.begin());
  // Different letters may begin with the same bytes.
  const auto is_inside = [&](std::string_view text) {
    return same < text.size() && continues(text[same]);
  };
  while (same > 0 && (is_inside(one) || is_inside(other))) --same;
  one.remove_prefix(same);
  other.remove_prefix(same);
  return without_first(one) == without_first(other) || without_first(one) == other ||
         one == without_first(other);
}

}  // namespace

Likeness likeness_of(const Recipient& recipient) {
  Likeness likeness;
  likeness.name = without_forms(without_words(recipient.name));
  if (likeness.name.empty()) likeness.name = core::bare_spelling(recipient.name);
  likeness.name_and_place = likeness.name + core::bare_spelling(recipient.place);
  std::ranges::copy_if(likeness.name, std::back_inserter(likeness.digits),
                       [](char c) { return c >= '0' && c <= '9'; });
  return likeness;
}

bool are_alike(const Likeness& one, const Likeness& other) {
  if (one.name.empty() || other.name.empty()) return false;
  if (one.name == other.name || one.name == other.name_and_place ||
      one.name_and_place == other.name) {
    return true;
  }
  return std::min(letters(one.name), letters(other.name)) >= kFewestAlikeLetters &&
         one.digits == other.digits && is_one_letter_apart(one.name, other.name);
}

}  // namespace sekisho::sharing
