// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/csv.h"

namespace sekisho::core {
namespace {

/// What spreadsheets begin a formula with, and what they skip before one (OWASP, "CSV Injection").
constexpr std::string_view kFormulaStarts = "=+-@\t\r\n";

/// What Excel would make another number of: with zeros in front, or of more digits than it keeps.
bool loses_digits(std::string_view value) {
  constexpr std::size_t kDigitsOfExcel = 15;
  const bool is_digits =
      !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
  return is_digits && (value.size() > kDigitsOfExcel || (value.front() == '0' && value.size() > 1));
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view value, CsvReader reader) {
  if (reader == CsvReader::excel && loses_digits(value)) {
    // A formula of ours, of a text that is digits and nothing else.
    out.append("\"=\"\"").append(value) += "\"\"\"";
    return;
  }
  const bool is_formula = !value.empty() && kFormulaStarts.find(value.front()) != std::string::npos;
  const bool is_quoted = is_formula || value.find_first_of(",\"\r\n") != std::string_view::npos;
  if (is_quoted) out += '"';
  if (is_formula) out += '\'';
  for (char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  if (is_quoted) out += '"';
}

}  // namespace sekisho::core
