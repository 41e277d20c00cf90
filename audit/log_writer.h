// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/commit_queue.h"
#include "audit/condition.h"
#include "audit/entry/entry.h"
#include "audit/entry/index_key.h"
#include "audit/entry/key_ring.h"
#include "audit/event.h"
#include "audit/head.h"
#include "audit/keeping/deed.h"
#include "audit/keys/key_files.h"
#include "audit/moment.h"
#include "audit/place.h"
#include "audit/proof/cosignature.h"
#include "audit/proof/log_proof.h"
#include "audit/proof/note.h"
#include "audit/receipt.h"
#include "audit/store/anchor.h"
#include "audit/store/log_store.h"
#include "audit/store/published_log.h"
#include "audit/store/reserve.h"
#include "core/log.h"
#include "core/mutex.h"
#include "core/steady_clock.h"
#include "core/thread.h"
#include "core/time.h"

namespace sekisho::audit {

/// What an AuditLog is made of: it queues what callers append, and a thread of its own commits that
/// and looks after anchor, reserve and a full disk. Of the methods, AuditLog says what they do.
class LogWriter {
 public:
  LogWriter(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime,
            std::uint64_t reserve_bytes);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  Receipt append(const Event& event);
  Receipt append(const Event& event, Deed deed);
  Receipt append(std::span<const Event> events);
  void append_later(const Event& event);
  void flush();

  Head head() const;
  std::string broken() const { return queue_.reason(); }
  Condition condition() const { return queue_.condition(); }
  bool lacks_reserve() const { return lacks_reserve_; }
  const NoteVerifier& verifier() const { return signer_.verifier(); }
  const IndexKey& index() const { return encoder_.index(); }
  std::optional<NoteVerifier> signer_of(std::uint64_t size);

  std::optional<core::Bytes> file(const LogFile& file);
  std::optional<LogProof> proof(std::uint64_t seq);
  std::optional<Proof> consistency(std::uint64_t old_size, std::uint64_t size);
  std::optional<LogProof> receipt(const ReceiptId& id, const ReceiptAsker& asker);
  /// Before a checkpoint leaves.
  void anchor(const std::string& checkpoint);
  void hold_witnessed(WitnessedCheckpoint checkpoint);

 private:
  // While it is opened.
  static FileLock locked(const AuditPlace& place);
  IndexKey checked_index(const AuditPlace& place);
  std::unique_ptr<Anchor> compared_anchor(const AuditPlace& place) const;
  Entry newest_entry();
  StepWatch watch_from(const Entry& newest) const;

  // Of any thread.
  std::vector<Draft> encode(std::span<const Event> events);
  Receipt append(std::vector<Draft> drafts, CommitQueue::Origin origin);
  std::optional<LogProof> anchored(std::optional<LogProof> proof);
  void break_down(const std::string& reason, std::vector<Draft> last = {});

  // Of thread_: log_writer_thread.cpp.
  void run();
  void work(Batch& batch);
  void try_again(Batch& batch);
  bool save(Batch& batch);
  void fill_up(Batch& batch);
  void restore(Batch& batch);
  void tell(std::string_view what);
  void tell_what_is_lost();
  void hold_reserve();
  void look_after_reserve();
  void anchor_now();
  void try_anchor_again();
  void anchor_from_time_to_time();
  void write_own(const Event& event);
  void write_clock_step();
  void write(Batch& batch);
  void write_confirmed(Batch& batch, const Event& own);
  void settle(Batch& batch, std::uint64_t first_seq, std::vector<core::Sha256> leaves);
  void publish_head();
  void write_rest();

  // Constant after construction. The lock first: nothing is read before it is held. The store
  // before the keys: the connection that can write closes last.
  const FileLock lock_;
  const core::Log log_;
  const Timekeeper timekeeper_;
  const NoteSigner signer_;
  const std::unique_ptr<LogStore> store_;  // what it points to is of thread_ once it runs
  KeyRing keys_;
  const EntryEncoder encoder_;
  PublishedLog published_;
  const std::unique_ptr<Anchor> anchor_;  ///< may be null
  const Entry newest_;                    ///< when the log was opened
  StepWatch steps_;                       ///< owned by thread_ once it runs
  bool knows_of_trouble_ = false;         ///< with the anchor; owned by thread_

  // Owned by thread_ once it runs.
  Reserve reserve_;
  bool had_reserve_ = false;
  core::SteadyClock::time_point reserve_tried_at_;
  std::optional<core::Time> full_since_;  ///< while not everything is taken
  std::string_view told_;                 ///< what operators were told last of a full disk

  std::atomic<bool> lacks_reserve_ = false;

  mutable core::Mutex mutex_;
  Head head_;                                             ///< guarded by mutex_
  std::shared_ptr<const WitnessedCheckpoint> witnessed_;  ///< may be null; guarded by mutex_
  CommitQueue queue_;

  core::SteadyClock::time_point anchored_at_;  // of thread_
  core::Thread thread_;
};

/// For staff and operators: no path, no value.
std::string describe(const std::exception& error);

}  // namespace sekisho::audit
