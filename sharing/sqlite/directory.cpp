// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/directory.h"

#include <algorithm>
#include <span>

#include "core/spelling.h"
#include "core/utf8.h"

namespace sekisho::sharing {
namespace {

/// Behind every text that begins with what stands before it.
constexpr std::string_view kLast = "\U0010FFFF";

std::vector<std::string_view> letters_of(std::string_view text) {
  std::vector<std::string_view> letters;
  while (!text.empty()) {
    letters.push_back(text.substr(0, std::max(core::utf8_length(text), std::size_t{1})));
    text.remove_prefix(letters.back().size());
  }
  return letters;
}

/// Words by spaces, as people type them.
std::vector<std::string> bare_words(std::string_view text) {
  const std::string folded = core::fold_spelling(text);
  std::vector<std::string> words;
  std::string_view rest = folded;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    std::string word = core::bare_spelling(rest.substr(0, end));
    if (!word.empty()) words.push_back(std::move(word));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

/// Everything about a recipient that is searched, one bare text for each, with spaces between.
std::string searched_text(const Recipient& recipient) {
  std::string text;
  for (const std::string* part :
       {&recipient.name, &recipient.kana, &recipient.organisation, &recipient.department,
        &recipient.place, &recipient.email, &recipient.telephone}) {
    const std::string bare = core::bare_spelling(*part);
    if (!bare.empty()) text.append(text.empty() ? "" : " ").append(bare);
  }
  return text;
}

void append_pairs(std::string& out, std::string_view word) {
  const auto letters = letters_of(word);
  for (std::size_t i = 0; i + 1 < letters.size(); ++i) {
    out.append(out.empty() || out.back() == '"' ? "" : " ").append(letters[i]);
    out.append(letters[i + 1]);
  }
}

/// Every two letters that follow each other, and the last of each text by itself: what begins with
/// a letter is each place where that letter is, and a row of pairs is no way from one text into the
/// next.
std::string pairs_of(std::string_view text) {
  std::string pairs;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    append_pairs(pairs, word);
    pairs.append(pairs.empty() ? "" : " ").append(letters_of(word).back());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pairs;
}

std::string joined(std::span<const std::string_view> letters) {
  std::string text;
  for (const std::string_view letter : letters) text += letter;
  return text;
}

std::string reversed(std::string_view text) {
  auto letters = letters_of(text);
  std::ranges::reverse(letters);
  return joined(letters);
}

}  // namespace

void write_entry(Statements& statements, std::int64_t seq, const Recipient& recipient) {
  const std::string searched = searched_text(recipient);
  const Likeness likeness = likeness_of(recipient);
  Rows(statements["INSERT INTO directory_entry (seq, searched, name, reversed_name, digits,"
                  " name_and_place) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"],
       seq, searched, likeness.name, reversed(likeness.name), likeness.digits,
       likeness.name_and_place)
      .execute();
  Rows(statements["INSERT INTO directory_pairs (rowid, pairs) VALUES (?1, ?2)"], seq,
       pairs_of(searched))
      .execute();
}

void remove_entry(Statements& statements, std::int64_t seq) {
  std::string searched;
  {
    Rows rows(statements["SELECT searched FROM directory_entry WHERE seq = ?1"], seq);
    if (!rows.next()) throw core::db::Error("sharing.db holds a recipient without an entry");
    searched = rows.text(0);
  }
  // A table without content forgets what it is told again.
  Rows(statements["INSERT INTO directory_pairs (directory_pairs, rowid, pairs)"
                  " VALUES ('delete', ?1, ?2)"],
       seq, pairs_of(searched))
      .execute();
  Rows(statements["DELETE FROM directory_entry WHERE seq = ?1"], seq).execute();
}

void write_entries(core::db::Database& database) {
  Statements statements(database);
  Rows rows(
      statements["SELECT seq, name, kana, organisation, department, place, telephone, email"
                 " FROM recipient ORDER BY seq"]);
  while (rows.next()) {
    Recipient recipient;
    recipient.name = rows.text(1);
    recipient.kana = rows.text(2);
    recipient.organisation = rows.text(3);
    recipient.department = rows.text(4);
    recipient.place = rows.text(5);
    recipient.telephone = rows.text(6);
    recipient.email = rows.text(7);
    write_entry(statements, rows.integer(0), recipient);
  }
}

std::string search_expression(std::string_view search) {
  std::string expression;
  for (const std::string& word : bare_words(search)) {
    expression.append(expression.empty() ? "\"" : " \"");
    if (letters_of(word).size() == 1) {
      expression.append(word).append("\" *");
    } else {
      append_pairs(expression, word);
      expression += '"';
    }
  }
  return expression;
}

std::vector<std::int64_t> find_alike(Statements& statements, const Likeness& likeness) {
  std::vector<std::int64_t> alike;
  if (likeness.name.empty()) return alike;
  const auto add = [&](Rows&& rows) {
    while (rows.next()) {
      if (are_alike(likeness, {rows.text(1), rows.text(2), rows.text(3)})) {
        alike.push_back(rows.integer(0));
      }
    }
  };
  add(Rows(statements["SELECT seq, name, name_and_place, digits FROM directory_entry"
                      " WHERE name IN (?1, ?2) OR name_and_place = ?1"],
           likeness.name, likeness.name_and_place));
  const auto letters = letters_of(likeness.name);
  if (letters.size() >= kFewestAlikeLetters) {
    // Where names are one letter apart, the first half or the second is the same.
    const std::span<const std::string_view> all(letters);
    const std::string begin = joined(all.first(letters.size() / 2));
    add(Rows(statements["SELECT seq, name, name_and_place, digits FROM directory_entry"
                        " WHERE digits = ?1 AND name BETWEEN ?2 AND ?3"],
             likeness.digits, begin, begin + std::string(kLast)));
    const std::string end = reversed(joined(all.subspan(letters.size() / 2)));
    add(Rows(statements["SELECT seq, name, name_and_place, digits FROM directory_entry"
                        " WHERE digits = ?1 AND reversed_name BETWEEN ?2 AND ?3"],
             likeness.digits, end, end + std::string(kLast)));
  }
  std::ranges::sort(alike);
  const auto again = std::ranges::unique(alike);
  alike.erase(again.begin(), again.end());
  return alike;
}

}  // namespace sekisho::sharing
