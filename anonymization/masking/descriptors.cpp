// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/descriptors.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "anonymization/masking/description.h"

namespace sekisho::anonymization {
namespace {

class Cleaner {
 public:
  Cleaner(std::string_view utf8, Repertoire repertoire) : repertoire_(repertoire) {
    Description description = read_description(utf8);
    for (DescriptionWord& word : description.words) {
      words_.push_back(judged(std::move(word), repertoire));
    }
    after_ = std::move(description.after);
    join_units();
  }

  std::string cleaned() {
    settle();
    if (std::ranges::any_of(words_, is_lost)) {
      // What nobody knows may have said that it is not there.
      for (JudgedWord& word : words_) {
        if (word.sense == Sense::state) word.standing = Standing::unknown;
      }
      settle();
    }
    return says_another_thing() ? std::string{} : rendered();
  }
  /// It is one word, and that stands alone.
  bool is_one_word() const {
    return words_.size() == 1 && words_[0].standing == Standing::alone &&
           words_[0].before.empty() && after_.empty();
  }

 private:
  enum class Separation : std::uint8_t { plain, within_number, sign, mark };

  /// It goes, and may have meant anything.
  static bool is_lost(const JudgedWord& word) { return !word.is_kept && !word.is_number; }

  /// "5 mm": a number and, right behind it, its unit.
  void join_units() {
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      JudgedWord& number = words_[i];
      JudgedWord& unit = words_[i + 1];
      if (number.script == Script::latin && is_plain_number(number.text) && is_unit(unit.text)) {
        number.standing = unit.standing = Standing::alone;
        unit.sense = Sense::none;
      }
    }
  }

  const JudgedWord* at(std::size_t i) const { return i < words_.size() ? &words_[i] : nullptr; }
  const JudgedWord* before(std::size_t i) const { return i > 0 ? &words_[i - 1] : nullptr; }
  static bool is_kept(const JudgedWord* word) { return word && word->is_kept; }
  static bool stands_alone(const JudgedWord* word) {
    return word && word->standing == Standing::alone;
  }

  /// Which words stay. One that could be a name needs one that could not; but a denial that goes on
  /// ("NOT EXCLUDED") and the letter of a side ("L") lean on any word that stays, and vouch for
  /// none.
  void settle() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      JudgedWord& word = words_[i];
      const bool may_lean = word.standing == Standing::beside && !is_letter_of_side(word);
      word.is_kept = word.standing == Standing::alone ||
                     (may_lean && (stands_alone(before(i)) || stands_alone(at(i + 1))));
    }
    for (std::size_t i = 0; i < words_.size(); ++i) lean(i);
    for (std::size_t i = words_.size(); i-- > 0;) lean(i);
    for (std::size_t i = words_.size(); i-- > 0;) keep_ordinal(i);
  }

  void lean(std::size_t i) {
    JudgedWord& word = words_[i];
    const bool leans = word.sense == Sense::turn || is_letter_of_side(word);
    if (word.is_kept || word.standing != Standing::beside || !leans) return;
    word.is_kept = is_kept(before(i)) || is_kept(at(i + 1));
  }

  /// "5TH METACARPAL". A day of a month is behind the name of one or before it.
  void keep_ordinal(std::size_t i) {
    JudgedWord& word = words_[i];
    if (word.standing != Standing::unknown || !is_ordinal(word.text)) return;
    const bool is_first_or_behind = i == 0 || is_kept(before(i));
    word.is_kept = is_kept(at(i + 1)) && is_first_or_behind;
  }

  bool says_another_thing() const {
    const bool turns = std::ranges::any_of(
        words_, [](const JudgedWord& word) { return word.is_kept && word.sense == Sense::turn; });
    const bool lost = std::ranges::any_of(words_, is_lost);
    if (turns && lost) return true;
    if (has_gap() && std::ranges::any_of(words_, [](const JudgedWord& word) {
          return word.is_kept && word.sense == Sense::side;
        })) {
      return true;
    }
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (is_in_doubt(i)) return true;
    }
    for (std::size_t i = 0; i <= words_.size(); ++i) {
      if (is_mark_in_doubt(i)) return true;
    }
    return false;
  }

  /// A word is lost between two that stay: these stand beside each other as they did not.
  bool has_gap() const {
    const auto first = std::ranges::find_if(words_, &JudgedWord::is_kept);
    const auto last =
        std::ranges::find_if(words_.rbegin(), words_.rend(), &JudgedWord::is_kept).base();
    return first < last && std::any_of(first, last, is_lost);
  }

  bool is_in_doubt(std::size_t i) const {
    const JudgedWord& word = words_[i];
    const JudgedWord* next = at(i + 1);
    const bool next_goes = next && !next->is_kept;
    const bool last_goes = i > 0 && !words_[i - 1].is_kept;
    if (word.sense == Sense::turn) return !word.is_kept || next_goes || last_goes;
    if (word.sense == Sense::side) {
      return !word.is_kept || next_goes || (is_letter_of_side(word) && last_goes);
    }
    if (word.is_kept) return false;
    if (holds_side(word)) return true;
    if (word.text.ends_with("第")) return next && is_ascii_digit(next->text[0]);
    return is_ordinal(word.text) && is_kept(next);
  }

  const std::string& separation(std::size_t i) const {
    return i < words_.size() ? words_[i].before : after_;
  }

  /// A mark goes with the words on both its sides or stays with them. A doubt or a denial that
  /// goes may have been about the rest; a comparison ("b=1000") goes with what it compared.
  bool is_mark_in_doubt(std::size_t i) const {
    const Separation kind = kind_of(i);
    if (kind == Separation::plain) return false;
    const JudgedWord* left = before(i);
    const JudgedWord* right = at(i);
    const bool some_stay = is_kept(left) || is_kept(right);
    const bool some_go = (left && !left->is_kept) || (right && !right->is_kept);
    if (kind == Separation::sign && right && right->is_number) return false;
    if (some_stay) return some_go || !is_writable(separation(i));
    if (kind == Separation::within_number) return false;
    const bool compares = mark_in(separation(i)).find_first_not_of("=<>~ ") == std::string::npos;
    return !compares || !left || !is_lost(*left);
  }

  bool is_writable(std::string_view separation) const {
    constexpr std::size_t kLongestMark = 8;
    const bool is_ascii = std::ranges::all_of(
        separation, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return mark_in(separation).size() <= kLongestMark &&
           (is_ascii || repertoire_ == Repertoire::unicode);
  }

  /// What stands before the word `i`, or behind the last.
  Separation kind_of(std::size_t i) const {
    const std::string& text = separation(i);
    const JudgedWord* left = before(i);
    const JudgedWord* right = at(i);
    const std::string mark = mark_in(text);
    if (mark.empty()) return Separation::plain;
    const bool is_within_number = left && right && mark.size() == text.size() &&
                                  is_ascii_digit(left->text.back()) &&
                                  is_ascii_digit(right->text.front());
    if (is_within_number && mark.find_first_of("-/,:+~'") != mark.npos) {
      return Separation::within_number;
    }
    if (mark.find_first_of("?<>=~!") != mark.npos || holds_sign_beyond_punctuation(text)) {
      return Separation::mark;
    }
    if (mark.find_first_of("+-") == mark.npos) return Separation::plain;
    if (!left || !right) {
      const bool is_signed = right && mark.size() == 1 && !is_space(text.back());
      return is_signed ? Separation::sign : Separation::mark;
    }
    return kind_of_sign(text, mark, *left, *right);
  }

  /// Of plus and minus between two words: "R-MLO" joins, " - " parts, " -5", "CE-" and "(-)" say
  /// no.
  Separation kind_of_sign(std::string_view text, std::string_view mark, const JudgedWord& left,
                          const JudgedWord& right) const {
    const bool is_dash = mark.find_first_not_of('-') == mark.npos || mark == "+";
    if (!is_dash) return Separation::mark;
    const bool begins_with_space = is_space(text.front());
    const bool ends_with_space = is_space(text.back());
    if (begins_with_space && !ends_with_space) {
      return mark.size() == 1 ? Separation::sign : Separation::mark;
    }
    if (begins_with_space != ends_with_space) return Separation::mark;
    if (!begins_with_space) return mark.size() == 1 ? Separation::plain : Separation::mark;
    const bool may_deny = may_be_denied(left) || may_be_denied(right);
    return mark[0] == '-' && may_deny ? Separation::mark : Separation::plain;
  }

  static bool may_be_denied(const JudgedWord& word) {
    return word.sense == Sense::state || word.sense == Sense::turn ||
           is_ascii_digit(word.text.front()) || is_unit(word.text);
  }

  static bool is_space(char c) { return c == ' ' || c == '_'; }

  std::string rendered() {
    is_pointed_ = std::ranges::any_of(words_, [](const JudgedWord& word) {
      return word.is_kept && (word.sense == Sense::turn || word.sense == Sense::side);
    });
    std::string text;
    bool has_gap = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (!words_[i].is_kept) {
        has_gap = true;
        continue;
      }
      if (has_gap) {
        if (!text.empty()) text += ' ';
      } else {
        text += rendered_separation(i);
      }
      has_gap = false;
      text += words_[i].text;
    }
    if (!words_.empty() && !has_gap) text += rendered_separation(words_.size());
    return text;
  }

  /// Beside a side or a denial a comma and a slash say what it is about: "KNEE LEFT, HIP".
  std::string rendered_separation(std::size_t i) const {
    const std::string& text = separation(i);
    const bool is_between = i > 0 && i < words_.size();
    const bool is_verbatim = kind_of(i) != Separation::plain || (is_pointed_ && is_writable(text));
    const std::string mark = is_verbatim ? mark_in(text) : std::string{};
    if (mark.empty()) return text.empty() || !is_between ? "" : " ";
    const bool is_apart_before = i > 0 && is_space(text.front());
    const bool is_apart_behind = i < words_.size() && is_space(text.back());
    return (is_apart_before ? " " : "") + mark + (is_apart_behind ? " " : "");
  }

  const Repertoire repertoire_;
  std::vector<JudgedWord> words_;
  std::string after_;
  bool is_pointed_ = false;  ///< its punctuation counts
};

}  // namespace

bool is_descriptor_word(std::string_view utf8_word) {
  return Cleaner(utf8_word, Repertoire::unicode).is_one_word();
}

std::string clean_descriptor(std::string_view utf8, Repertoire repertoire) {
  constexpr std::size_t kLongest = std::size_t{64} * 1024;
  if (utf8.size() > kLongest) return {};
  return Cleaner(utf8, repertoire).cleaned();
}

}  // namespace sekisho::anonymization
