// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sharing/look_alike.h"
#include "sharing/recipient.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

// What recipients are found by: directory_entry, and directory_pairs for what is searched in it
// (docs/formats/sharing.md). All of it follows from `recipient`, and is written with it, in one
// transaction. Everything throws db::Error.

/// `seq` is the recipient's, who has no entry.
void write_entry(Statements& statements, std::int64_t seq, const Recipient& recipient);
void remove_entry(Statements& statements, std::int64_t seq);
/// Entries for everybody, where nobody has one.
void write_entries(core::db::Database& database);

/// What `MATCH` is asked for to find `search`; empty where it has no letter and no digit.
std::string search_expression(std::string_view search);

/// The seq of all whose names may be taken for that one, oldest first, itself included.
std::vector<std::int64_t> find_alike(Statements& statements, const Likeness& likeness);

}  // namespace sekisho::sharing
