// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "audit/store/stored_log.h"
#include "core/database.h"

namespace sekisho::audit {

/// audit.db (docs/formats/audit.md). A statement is prepared at its first use and kept.
class SqliteStoredLog : public StoredLog {
 public:
  explicit SqliteStoredLog(core::db::Database database);
  /// Over a connection that somebody else has, who outlives this.
  explicit SqliteStoredLog(core::db::Database* database) : database_(*database) {}

  std::unique_ptr<Snapshot> hold() override;
  std::vector<Head> heads() override;
  void read_entries(const Range& range, const TakeEntry& take) override;
  std::optional<StoredEntry> entry(std::uint64_t seq) override;
  void read_index(IndexOrder order, const std::function<void(const IndexRow&)>& take) override;
  bool has_index_row(std::uint64_t span, const Subject& subject, std::int64_t seq) override;
  std::vector<std::uint64_t> places(std::uint64_t span, const Subject& subject,
                                    const Range& range) override;
  std::uint64_t count(std::uint64_t span, const Subject& subject) override;
  std::optional<Key> key(const Bits128& id) override;
  std::optional<Key> live_key(const Subject& subject) override;
  bool has_keys_wrapped_otherwise(const Bits128& wrapping) override;
  std::uint64_t count_keys_of_entries() override;
  std::optional<core::Bytes> tile(TileId tile) override;
  std::uint64_t count_tiles() override;
  std::optional<Boundary> pruned() override;
  std::map<Subject, std::uint64_t> holds() override;
  std::vector<std::string> structure_problems() override;

 private:
  class Query;
  class HeldState;
  Query query(std::string_view sql);
  std::uint64_t number(std::string_view sql);

  std::optional<core::db::Database> own_;
  core::db::Database& database_;
  /// By their text, which is a literal.
  std::unordered_map<std::string_view, core::db::Statement> prepared_;
};

}  // namespace sekisho::audit
