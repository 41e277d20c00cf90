// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/uid.h"
#include "sharing/share.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

// A share as it stands in the rows of several tables of sharing.db. One thread at a time, like the
// statements. Throw db::Error, also for what no share of ours looks like.

/// The SQL that reads shares, narrowed by `condition` ("WHERE …"), for the functions below.
std::string select_shares(std::string_view condition);
Share read_share(Statements& statements, const Rows& rows);
/// Of rows that have one at most.
std::optional<Share> read_one_share(Statements& statements, Rows& rows);
std::vector<Share> read_shares(Statements& statements, Rows& rows);

/// The series that are approved now, ascending.
std::vector<core::SeriesKey> read_approvals(Statements& statements, const ShareId& id);
/// A UID as stored.
core::Uid uid_of(const std::string& text);

/// In the transaction that inserts the share.
void write_scope(Statements& statements, const Share& share);

}  // namespace sekisho::sharing
