// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/recipient_csv.h"

#include <algorithm>
#include <utility>

#include "core/csv.h"
#include "staff/recipient_body.h"

namespace sekisho::staff {
namespace {

using core::CsvRow;
using sharing::Recipient;

/// What stands for what was no UTF-8.
constexpr std::string_view kReplacement = "\uFFFD";

std::vector<std::string> columns() {
  std::vector<std::string> names{"ID"};
  for (const RecipientText& text : kRecipientTexts) names.emplace_back(text.key);
  names.insert(names.end(), {"Networks", "Status"});
  return names;
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    core::append_csv_cell(row, cell, core::CsvReader::excel);
    row += &cell == &cells.back() ? "\r\n" : ",";
  }
  return row;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

Json::Value words_of(std::string_view text) {
  Json::Value words = Json::arrayValue;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return words;
    const auto end = std::min(text.find(' '), text.size());
    words.append(std::string(text.substr(0, end)));
    text.remove_prefix(end);
  }
}

RequestProblems problems_of_header(const std::vector<std::string>& header) {
  const auto known = columns();
  RequestProblems problems;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string column = "Column " + std::to_string(i + 1);
    if (std::ranges::find(known, header[i]) == known.end()) {
      problems.push_back(column + " has no known name; known are: " + joined(known) + '.');
    } else if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i),
                         header[i]) != header.begin() + static_cast<std::ptrdiff_t>(i)) {
      problems.push_back(column + " has the name of another one.");
    }
  }
  return problems;
}

RecipientRow take_row(const std::vector<std::string>& header, CsvRow row) {
  RecipientRow taken{row.line, Json::objectValue};
  for (std::size_t i = 0; i < header.size(); ++i) {
    Json::Value& cell = taken.cells[header[i]];
    if (row.cells[i].empty()) continue;
    cell = header[i] == "Networks" ? words_of(row.cells[i]) : Json::Value(row.cells[i]);
  }
  return taken;
}

bool is_blank(const CsvRow& row) {
  return std::ranges::all_of(row.cells, [](const std::string& cell) { return cell.empty(); });
}

}  // namespace

std::string recipient_csv_header() { return std::string(core::kByteOrderMark) + row_of(columns()); }

void append_csv_row(std::string& out, const Recipient& recipient) {
  std::vector<std::string> cells{recipient.id.text()};
  for (const RecipientText& text : kRecipientTexts) cells.push_back(recipient.*text.text);
  std::string& networks = cells.emplace_back();
  for (const core::Network& network : recipient.networks) {
    networks.append(networks.empty() ? "" : " ").append(network.text());
  }
  cells.emplace_back(name(status(recipient)));
  out += row_of(cells);
}

std::variant<std::vector<RecipientRow>, RequestProblems> read_recipient_csv(std::string_view text) {
  if (text.find(kReplacement) != std::string_view::npos) {
    return RequestProblems{
        "The file was not UTF-8 when it was read: it has U+FFFD in the place of letters. Save it "
        "in "
        "Excel as \"CSV UTF-8 (Comma delimited)\"."};
  }
  auto read = core::read_csv(text);
  if (auto* flaw = std::get_if<core::CsvFlaw>(&read)) return RequestProblems{std::move(flaw->what)};
  auto& rows = std::get<std::vector<CsvRow>>(read);
  if (rows.empty()) return RequestProblems{"The file is empty."};
  const std::vector<std::string> header = std::move(rows.front().cells);
  RequestProblems problems = problems_of_header(header);
  if (!problems.empty()) return problems;
  std::vector<RecipientRow> recipients;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (is_blank(rows[i])) continue;
    if (rows[i].cells.size() != header.size()) {
      problems.push_back("Line " + std::to_string(rows[i].line) + " has " +
                         std::to_string(rows[i].cells.size()) + " cells, the first one " +
                         std::to_string(header.size()) + '.');
    } else {
      recipients.push_back(take_row(header, std::move(rows[i])));
    }
  }
  if (recipients.size() > kMostCsvRows) {
    problems.push_back("The file has more than " + std::to_string(kMostCsvRows) + " recipients.");
  }
  if (!problems.empty()) return problems;
  return recipients;
}

}  // namespace sekisho::staff
