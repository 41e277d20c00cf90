// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sharing/recipient.h"
#include "staff/json.h"

namespace sekisho::staff {

// Recipients as a CSV file (RFC 4180) in UTF-8, which Excel opens: columns as the API names them,
// the networks of one in one cell with spaces between (docs/recipients.md).

/// With the byte order mark in front.
std::string recipient_csv_header();
void append_csv_row(std::string& out, const sharing::Recipient& recipient);

inline constexpr std::size_t kMostCsvRows = 2000;

/// One row of a file: what the API would be told. A cell that is empty is null.
struct RecipientRow {
  std::size_t line;   ///< of the file, from 1
  Json::Value cells;  ///< by the columns that the file has; "Networks" is a list
};
/// Rows whose cells are all empty are left out.
std::variant<std::vector<RecipientRow>, RequestProblems> read_recipient_csv(std::string_view text);

}  // namespace sekisho::staff
