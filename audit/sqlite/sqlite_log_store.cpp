// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/sqlite/sqlite_log_store.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "audit/entry/index_span.h"
#include "audit/error.h"
#include "audit/sqlite/deeds.h"
#include "audit/sqlite/schema.h"
#include "audit/store/disk_full.h"
#include "audit/store/tree_hashes.h"

namespace sekisho::audit {
namespace {

using core::db::bind_bytes;
using core::db::bytes_of;

/// The write-ahead log is moved over after so many pages of 4 KB: rarely enough that with few
/// callers less than one commit in a hundred waits for it.
constexpr int kTidyFrames = 4000;
/// To empty it takes readers that wait no longer than that, and a try now and then.
constexpr int kTruncateWaitMs = 20;
constexpr int kBusyTimeoutMs = 5000;
constexpr std::chrono::seconds kBetweenAttempts{1};
/// Complete subtrees of the right edge up to this many leaves are recomputed when a log opens.
constexpr std::uint64_t kCheckedSubtree = 1024;

core::Bytes flat(const std::vector<core::Sha256>& hashes) {
  core::Bytes bytes;
  for (const core::Sha256& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
  return bytes;
}

int count_frames(void* frames, sqlite3* /*database*/, const char* /*name*/, int in_log) {
  *static_cast<int*>(frames) = in_log;
  return SQLITE_OK;
}

core::db::Database open_log(const std::filesystem::path& file) {
  core::db::settle_write_ahead_log(file);  // whoever writes holds the lock of the log's key
  core::db::Database database = core::db::open(file);
  database.exec("PRAGMA secure_delete = ON");  // a key that was shredded is gone from its page
  upgrade_schema(database);
  if (!is_audit_log(database)) {
    throw AuditError("audit.db is not an audit log that this version can write");
  }
  return database;
}

void run(core::db::Statement& statement) {
  statement.reset();
  statement.exec();
}

/// Which file a step writes to.
enum class Written : int {
  database = SQLITE_FCNTL_FILE_POINTER,
  write_ahead_log = SQLITE_FCNTL_JOURNAL_POINTER,
};

/// Of the call that failed last. The connection's own (sqlite3_system_errno) is that of what came
/// after it.
int reason_of(sqlite3* handle, Written written) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle, "main", static_cast<int>(written), static_cast<void*>(&file));
  int reason = 0;
  if (file != nullptr && file->pMethods != nullptr) {
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
  }
  return reason;
}

/// A write for which there was no room. Of a sync nothing is known after its failure, whatever it
/// gives as the reason.
bool is_for_lack_of_room(const core::db::Error& error, sqlite3* handle, Written written) {
  switch (error.code()) {
    case SQLITE_FULL:           // ENOSPC
    case SQLITE_IOERR_SHMSIZE:  // the index in memory, of which nothing must last
      return true;
    case SQLITE_IOERR_WRITE: {
      const int reason = reason_of(handle, written);
      return reason == EDQUOT || reason == EFBIG;
    }
    default:
      return false;
  }
}

template <class Work>
auto telling_lack_of_room(sqlite3* handle, Written written, Work work) {
  try {
    return work();
  } catch (const core::db::Error& error) {
    if (is_for_lack_of_room(error, handle, written)) throw DiskFull("the disk is full");
    throw;
  }
}

}  // namespace

void SqliteLogStore::create(const std::filesystem::path& database) {
  core::db::Database created = core::db::open(database);
  create_schema(created);
}

SqliteLogStore::SqliteLogStore(const std::filesystem::path& database, const NoteSigner& signer)
    : signer_(&signer),
      database_(open_log(database)),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_(database_, "COMMIT"),
      insert_entry_(database_, "INSERT INTO audit_entry (seq, entry, aside) VALUES (?, ?, ?)"),
      insert_object_(database_,
                     "INSERT INTO audit_object (span, hash, kind, seq) VALUES (?, ?, ?, ?)"),
      insert_key_(database_,
                  "INSERT INTO audit_key (id, kind, hash, seq, wrapping, wrapped)"
                  " VALUES (?, ?, ?, ?, ?, ?)"),
      // Compares and swaps: two writers can never both sign a size.
      update_head_(database_,
                   "UPDATE audit_head SET size = ?, root = ?, edge = ?, checkpoint = ?"
                   " WHERE id = 1 AND size = ?"),
      tiles_(database_) {
  sqlite3* const handle = database_.getHandle();
  // Replaces SQLite's automatic checkpoint, which would hide its failures and try again.
  sqlite3_wal_hook(handle, count_frames, &wal_frames_);
  check_schema();
  check_head();
  check_tail();
  check_tiles();
}

void SqliteLogStore::check_schema() {
  const auto problems = schema_problems(database_);
  if (!problems.empty()) throw AuditError("audit.db: " + problems.front());
}

void SqliteLogStore::check_head() {
  core::db::Statement find(database_, "SELECT size, edge, checkpoint FROM audit_head WHERE id = 1");
  if (!find.executeStep()) throw AuditError("audit.db has no head");
  const auto size = static_cast<std::uint64_t>(find.getColumn(0).getInt64());
  checkpoint_ = core::as_text(bytes_of(find.getColumn(2)));
  if (size > 0) {
    const auto text = signer_->verifier().open(checkpoint_);
    const auto signed_head = text ? Checkpoint::parse(*text) : std::nullopt;
    if (!signed_head || signed_head->origin != signer_->verifier().name()) {
      throw AuditError("the head of audit.db is not signed by audit.key");
    }
    const auto edge = hashes_in(bytes_of(find.getColumn(1)));
    if (edge.size() != static_cast<std::size_t>(std::popcount(size))) {
      throw AuditError("the head of audit.db is damaged");
    }
    tree_ = Tree(size, edge);
    if (signed_head->size != size || signed_head->root != tree_.root()) {
      throw AuditError("the head of audit.db is not the one that was signed");
    }
  }
  core::db::Statement last(database_, "SELECT max(seq) FROM audit_entry");
  last.executeStep();
  const std::int64_t expected = static_cast<std::int64_t>(size) - 1;
  const std::int64_t found = last.getColumn(0).isNull() ? -1 : last.getColumn(0).getInt64();
  if (found != expected) throw AuditError("audit.db has more or fewer entries than its head");
}

/// The whole is verify()'s business; this catches what a torn copy or a clumsy hand does.
void SqliteLogStore::check_tail() {
  std::uint64_t end = tree_.size();
  for (auto root = tree_.edge().rbegin(); root != tree_.edge().rend(); ++root) {
    const std::uint64_t leaves = std::uint64_t{1} << std::countr_zero(end);
    if (leaves > kCheckedSubtree) return;
    if (tile_root(leaf_hashes(stored_, end - leaves, end)) != *root) {
      throw AuditError("the last entries of audit.db are not the ones that were signed");
    }
    end -= leaves;
  }
}

/// Proofs are made of the tiles: they must be those of the tree that is signed.
void SqliteLogStore::check_tiles() {
  const std::uint64_t size = tree_.size();
  TreeHashes hashes(stored_, size);
  std::uint64_t end = 0;
  for (const core::Sha256& root : tree_.edge()) {
    const int level = static_cast<int>(std::bit_width(size - end)) - 1;
    if (hashes.root(static_cast<unsigned>(level), end >> level) != root) {
      throw AuditError("the tiles of audit.db are not those of its entries");
    }
    end += std::uint64_t{1} << level;
  }
  const std::uint64_t open = size - size % kTileWidth;
  open_tile_ = TileBuilder(size, leaf_hashes(stored_, open, size));
}

std::vector<core::Sha256> SqliteLogStore::commit(std::span<const Draft> drafts,
                                                 const Timekeeper& timekeeper) {
  return telling_lack_of_room(database_.getHandle(), Written::write_ahead_log,
                              [&] { return write(drafts, timekeeper); });
}

std::vector<core::Sha256> SqliteLogStore::write(std::span<const Draft> drafts,
                                                const Timekeeper& timekeeper) {
  std::vector<core::Sha256> leaves;
  std::vector<TextKey*> fresh;
  Tree next = tree_;
  leaves.reserve(drafts.size());
  const Moment moment = timekeeper.now();  // of the transaction: they become durable together
  run(begin_);
  for (const Draft& draft : drafts) {
    const std::uint64_t seq = next.size();
    leaves.push_back(insert_entry(draft, seq, moment));
    next.append(leaves.back());
    if (const auto tile = open_tile_.append(leaves.back())) {
      tiles_.insert(open_tile_.place(), *tile);
    }
    for (const auto& key : draft.keys) {
      if (key->stored || std::find(fresh.begin(), fresh.end(), key.get()) != fresh.end()) continue;
      insert_key(*key, seq);
      fresh.push_back(key.get());
    }
    if (draft.deed) carry_out(*draft.deed, seq, database_);
  }
  const Checkpoint head{signer_->verifier().name(), next.size(), next.root()};
  std::string checkpoint = signer_->sign(head.text());
  update_head(next, checkpoint);
  run(commit_);
  for (TextKey* key : fresh) key->stored = true;
  leaves_traces_ |= std::ranges::any_of(drafts, [](const Draft& draft) {
    return draft.deed && std::holds_alternative<Shred>(*draft.deed);
  });
  tree_ = std::move(next);
  checkpoint_ = std::move(checkpoint);
  return leaves;
}

core::Sha256 SqliteLogStore::insert_entry(const Draft& draft, std::uint64_t seq,
                                          const Moment& moment) {
  const std::string leaf = draft.leaf(seq, moment);
  insert_entry_.reset();
  insert_entry_.bind(1, static_cast<std::int64_t>(seq));
  insert_entry_.bindNoCopy(2, leaf);
  insert_entry_.bindNoCopy(3, draft.aside);
  insert_entry_.exec();
  for (const Subject& subject : draft.subjects) {
    insert_object_.reset();
    insert_object_.bind(1, static_cast<std::int64_t>(index_span(seq)));
    bind_bytes(insert_object_, 2, subject.hash);
    insert_object_.bind(3, static_cast<int>(subject.kind));
    insert_object_.bind(4, static_cast<std::int64_t>(seq));
    insert_object_.exec();
  }
  return leaf_hash(core::as_bytes(leaf));
}

void SqliteLogStore::insert_key(const TextKey& key, std::uint64_t seq) {
  insert_key_.reset();
  bind_bytes(insert_key_, 1, key.id);
  insert_key_.bind(2, static_cast<int>(key.subject.kind));
  bind_bytes(insert_key_, 3, key.subject.hash);
  insert_key_.bind(4, static_cast<std::int64_t>(seq));
  bind_bytes(insert_key_, 5, key.wrapping);
  bind_bytes(insert_key_, 6, key.wrapped);
  insert_key_.exec();
}

void SqliteLogStore::update_head(const Tree& next, const std::string& checkpoint) {
  const core::Sha256 root = next.root();
  const core::Bytes edge = flat(next.edge());
  update_head_.reset();
  update_head_.bind(1, static_cast<std::int64_t>(next.size()));
  bind_bytes(update_head_, 2, root);
  bind_bytes(update_head_, 3, edge);
  update_head_.bindNoCopy(4, checkpoint);
  update_head_.bind(5, static_cast<std::int64_t>(tree_.size()));
  if (update_head_.exec() != 1) throw AuditError("another process has written to audit.db");
}

void SqliteLogStore::tidy() {
  telling_lack_of_room(database_.getHandle(), Written::database, [this] { move_over(); });
}

void SqliteLogStore::move_over() {
  if (leaves_traces_) empty_write_ahead_log();
  if (wal_frames_ < tidied_frames_) tidied_frames_ = 0;  // SQLite began the file anew
  if (wal_frames_ - tidied_frames_ < kTidyFrames) return;
  const int result = sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr,
                                               SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (result != SQLITE_OK && result != SQLITE_BUSY)
    throw core::db::Error(SQLite::Exception(database_.getHandle()));
  tidied_frames_ = wal_frames_;
}

/// Where a reader is in the way it is tried again after a while: nobody waits for it here.
void SqliteLogStore::empty_write_ahead_log() {
  const auto now = core::SteadyClock::now();
  if (now - emptied_at_ < kBetweenAttempts) return;
  emptied_at_ = now;
  sqlite3* const handle = database_.getHandle();
  sqlite3_busy_timeout(handle, kTruncateWaitMs);
  const int result =
      sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  if (result != SQLITE_OK && result != SQLITE_BUSY)
    throw core::db::Error(SQLite::Exception(handle));
  leaves_traces_ = result == SQLITE_BUSY;
}

void SqliteLogStore::undo() {
  // A statement that failed tells so once more when it is reset.
  for (core::db::Statement* statement :
       {&begin_, &commit_, &insert_entry_, &insert_object_, &insert_key_, &update_head_}) {
    statement->tryReset();
  }
  tiles_.forget_failure();
  // Of some failures SQLite makes the end of the transaction by itself.
  if (sqlite3_get_autocommit(database_.getHandle()) == 0) database_.exec("ROLLBACK");
  const core::Sha256 before = tree_.root();
  const std::uint64_t size = tree_.size();
  check_head();
  check_tail();
  check_tiles();
  if (tree_.size() != size || tree_.root() != before) {
    throw AuditError("audit.db is not what it was before a commit that failed");
  }
}

void SqliteLogStore::confirm(const core::Sha256& newest_leaf) const {
  core::db::Database fresh = open_for_reading(database_.getFilename());
  core::db::Statement head(fresh,
                           "SELECT size, root, checkpoint, entry FROM audit_head"
                           " JOIN audit_entry ON seq = size - 1 WHERE id = 1");
  if (!head.executeStep() ||
      !std::cmp_equal(core::db::number_in(head.getColumn(0)), tree_.size()) ||
      !std::ranges::equal(bytes_of(head.getColumn(1)), tree_.root()) ||
      core::as_text(bytes_of(head.getColumn(2))) != checkpoint_ ||
      leaf_hash(bytes_of(head.getColumn(3))) != newest_leaf) {
    throw AuditError("what was committed to audit.db is not what can be read of it");
  }
}

void SqliteLogStore::abandon() {
  if (sqlite3_get_autocommit(database_.getHandle()) == 0) database_.tryExec("ROLLBACK");
  sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace sekisho::audit
