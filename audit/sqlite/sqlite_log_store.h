// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "audit/proof/hash_tiles.h"
#include "audit/proof/merkle.h"
#include "audit/sqlite/sqlite_stored_log.h"
#include "audit/sqlite/tile_table.h"
#include "audit/store/log_store.h"
#include "core/database.h"
#include "core/steady_clock.h"

namespace sekisho::audit {

/// audit.db, written by one connection.
class SqliteLogStore : public LogStore {
 public:
  /// Makes the tables and an empty head in a new file.
  static void create(const std::filesystem::path& database);
  SqliteLogStore(const std::filesystem::path& database, const NoteSigner& signer);

  std::vector<core::Sha256> commit(std::span<const Draft> drafts,
                                   const Timekeeper& timekeeper) override;
  /// Moves what was committed from the write-ahead log into the database, when enough is there or
  /// what was shredded still stands in it.
  void tidy() override;
  void undo() override;
  void confirm(const core::Sha256& newest_leaf) const override;
  void sign_with(const NoteSigner& next) override { signer_ = &next; }
  void abandon() override;
  std::uint64_t head_size() const override { return tree_.size(); }
  core::Sha256 root() const override { return tree_.root(); }
  const std::string& checkpoint() const override { return checkpoint_; }
  StoredLog& stored() override { return stored_; }

 private:
  std::vector<core::Sha256> write(std::span<const Draft> drafts, const Timekeeper& timekeeper);
  void move_over();
  void check_schema();
  void check_head();
  void check_tail();
  void check_tiles();
  void empty_write_ahead_log();
  core::Sha256 insert_entry(const Draft& draft, std::uint64_t seq, const Moment& moment);
  void insert_key(const TextKey& key, std::uint64_t seq);
  void update_head(const Tree& next, const std::string& checkpoint);

  const NoteSigner* signer_;
  core::db::Database database_;
  SqliteStoredLog stored_{&database_};
  core::db::Statement begin_;
  core::db::Statement commit_;
  core::db::Statement insert_entry_;
  core::db::Statement insert_object_;
  core::db::Statement insert_key_;
  core::db::Statement update_head_;
  TileTable tiles_;
  TileBuilder open_tile_{0, {}};
  Tree tree_;
  std::string checkpoint_;
  int wal_frames_ = 0;
  int tidied_frames_ = 0;
  bool leaves_traces_ = false;  ///< what was shredded may stand in the write-ahead log
  core::SteadyClock::time_point emptied_at_;
};

}  // namespace sekisho::audit
