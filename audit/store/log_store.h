// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/moment.h"
#include "audit/proof/hash_tiles.h"
#include "audit/proof/merkle.h"
#include "audit/proof/note.h"
#include "audit/store/anchor.h"
#include "core/database.h"

namespace sekisho::audit {

/// audit.db as its one writer sees it. One thread at a time. After DiskFull from commit() or tidy()
/// it goes on once undo() has returned; after any other exception it must not be written to again.
class LogStore {
 public:
  /// Makes the tables and an empty head in a new file.
  static void create(const std::filesystem::path& database);

  /// Checks the head under `signer`, the right edge, the tiles and the last entries. `signer`
  /// outlives this. Throws AuditError or db::Error.
  LogStore(const std::filesystem::path& database, const NoteSigner& signer);

  /// Gives each draft its place and moment. On return all are durable under a signed head; the
  /// result is their leaf hashes, the last of them at head_size() - 1. Throws DiskFull, db::Error,
  /// or AuditError where somebody else has written.
  std::vector<core::Sha256> commit(std::span<const Draft> drafts, const Timekeeper& timekeeper);
  /// Moves what was committed from the write-ahead log into the database, when enough is there or
  /// what was shredded still stands in it.
  void tidy();

  /// After DiskFull: nothing of the commit is left, and the file is what it was: compared as when
  /// it was opened. Throws AuditError or db::Error.
  void undo();
  /// The newest entry and the head, read back through a connection of its own, are what the last
  /// commit() said. Throws AuditError or db::Error.
  void confirm(const core::Sha256& newest_leaf) const;

  /// The heads from the next commit on are signed by `next`, which outlives this.
  void sign_with(const NoteSigner& next) { signer_ = &next; }

  /// The anchor in that file, compared with this log.
  std::unique_ptr<Anchor> compare_with_anchor(const std::filesystem::path& file);

  /// After a failure: lets others in, and closing will not write either. Never throws.
  void abandon();

  std::uint64_t head_size() const { return tree_.size(); }
  core::Sha256 root() const { return tree_.root(); }
  const std::string& checkpoint() const { return checkpoint_; }
  /// `nullopt` if there is none or it is none.
  std::optional<Entry> entry(std::uint64_t seq);

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
  core::db::Statement begin_;
  core::db::Statement commit_;
  core::db::Statement insert_entry_;
  core::db::Statement insert_object_;
  core::db::Statement insert_key_;
  core::db::Statement update_head_;
  core::db::Statement find_entry_;
  TileTable tiles_;
  TileBuilder open_tile_{0, {}};
  Tree tree_;
  std::string checkpoint_;
  int wal_frames_ = 0;
  int tidied_frames_ = 0;
  bool leaves_traces_ = false;  ///< what was shredded may stand in the write-ahead log
  std::chrono::steady_clock::time_point emptied_at_;
};

}  // namespace sekisho::audit
