// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/uid.h"
#include "sharing/share.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

// A share as it stands in the rows of several tables of sharing.db. One thread at a time, like the
// statements. Throw db::Error, also for what no share of ours looks like.

/// What shares of a sharing.db have as profiles, which nobody edits: each is read once.
class Profiles {
 public:
  core::SharedText find(Statements& statements, std::int64_t seq);
  /// In the transaction that inserts the share: the one with this text, which is there now.
  static std::int64_t write(Statements& statements, const core::SharedText& json);

 private:
  std::unordered_map<std::int64_t, core::SharedText> read_;
};

/// The SQL that reads shares, narrowed by `condition` ("WHERE …"), for the functions below.
std::string select_shares(std::string_view condition);
Share read_share(Statements& statements, Profiles& profiles, const Rows& rows);
/// Of rows that have one at most.
std::optional<Share> read_one_share(Statements& statements, Profiles& profiles, Rows& rows);
std::vector<Share> read_shares(Statements& statements, Profiles& profiles, Rows& rows);

/// The series that are approved now, ascending.
std::vector<core::SeriesKey> read_approvals(Statements& statements, const ShareId& id);
/// A UID as stored.
core::Uid uid_of(const std::string& text);

/// In the transaction that inserts the share.
void write_scope(Statements& statements, const Share& share);

}  // namespace sekisho::sharing
