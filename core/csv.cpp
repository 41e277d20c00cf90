// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/csv.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::core {
namespace {

/// What spreadsheets begin a formula with, and what they skip before one (OWASP, "CSV Injection").
constexpr std::string_view kFormulaStarts = "=+-@\t\r\n";
/// The same in full width, which Japanese ones take for it.
constexpr std::array<std::string_view, 4> kWideFormulaStarts = {"＝", "＋", "－", "＠"};

bool begins_formula(std::string_view value) {
  return (!value.empty() && kFormulaStarts.find(value.front()) != std::string_view::npos) ||
         std::ranges::any_of(kWideFormulaStarts,
                             [&](std::string_view start) { return value.starts_with(start); });
}
/// The same behind apostrophes, or without any.
bool may_be_formula(std::string_view value) {
  return begins_formula(value.substr(std::min(value.find_first_not_of('\''), value.size())));
}

/// What Excel would make another number of: with zeros in front, or of more digits than it keeps.
bool loses_digits(std::string_view value) {
  constexpr std::size_t kDigitsOfExcel = 15;
  const bool is_digits =
      !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
  return is_digits && (value.size() > kDigitsOfExcel || (value.front() == '0' && value.size() > 1));
}

/// A cell as it was before append_csv_cell().
std::string without_defence(std::string cell) {
  constexpr std::string_view kBegin = "=\"";
  if (cell.size() > kBegin.size() && cell.starts_with(kBegin) && cell.ends_with('"')) {
    std::string digits = cell.substr(kBegin.size(), cell.size() - kBegin.size() - 1);
    if (loses_digits(digits)) return digits;
  }
  if (cell.starts_with('\'') && may_be_formula(cell)) cell.erase(0, 1);
  return cell;
}

/// Reads one file from its beginning to its end.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  std::variant<std::vector<CsvRow>, CsvFlaw> read() {
    std::vector<CsvRow> rows;
    while (!rest_.empty() && flaw_.empty()) {
      CsvRow row = take_row();
      const bool is_empty = row.cells.size() == 1 && row.cells.front().empty();
      if (!is_empty) rows.push_back(std::move(row));
    }
    if (!flaw_.empty()) return CsvFlaw{flaw_};
    return rows;
  }

 private:
  CsvRow take_row() {
    CsvRow row{line_, {}};
    do {
      const bool is_quoted = rest_.starts_with('"');
      row.cells.push_back(without_defence(is_quoted ? take_quoted() : take_plain()));
    } while (flaw_.empty() && take(','));
    if (!flaw_.empty() || rest_.empty()) return row;
    take('\r');
    if (!take('\n'))
      complain("has text behind a quoted cell, or a carriage return without a line feed");
    ++line_;
    return row;
  }

  std::string take_plain() {
    const auto end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    std::string cell(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (cell.find('"') != std::string::npos)
      complain("has a quotation mark in a cell without quotes");
    return cell;
  }

  std::string take_quoted() {
    const std::size_t begin = line_;
    rest_.remove_prefix(1);
    std::string cell;
    while (true) {
      const auto quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        line_ = begin;
        complain("begins a cell with a quotation mark that is never closed");
        return cell;
      }
      cell.append(rest_.substr(0, quote));
      line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, quote), '\n'));
      rest_.remove_prefix(quote + 1);
      if (!take('"')) return cell;
      cell += '"';
    }
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void complain(const char* what) {
    if (flaw_.empty()) flaw_ = "Line " + std::to_string(line_) + ' ' + what + '.';
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  std::string flaw_;
};

}  // namespace

void append_csv_cell(std::string& out, std::string_view value, CsvReader reader) {
  if (reader == CsvReader::excel && loses_digits(value)) {
    // A formula of ours, of a text that is digits and nothing else.
    out.append("\"=\"\"").append(value) += "\"\"\"";
    return;
  }
  const bool is_formula = may_be_formula(value);
  const bool is_quoted = is_formula || value.find_first_of(",\"\r\n") != std::string_view::npos;
  if (is_quoted) out += '"';
  if (is_formula) out += '\'';
  for (char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  if (is_quoted) out += '"';
}

std::variant<std::vector<CsvRow>, CsvFlaw> read_csv(std::string_view text) {
  return Reader(text).read();
}

}  // namespace sekisho::core
