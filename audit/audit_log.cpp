// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/audit_log.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "audit/commit_queue.h"
#include "audit/entry/entry.h"
#include "audit/entry/key_ring.h"
#include "audit/error.h"
#include "audit/keys/key_files.h"
#include "audit/keys/rotate_key.h"
#include "audit/own_events.h"
#include "audit/store/log_store.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// How old an anchor may be while entries are written of which nothing leaves.
constexpr std::chrono::milliseconds kAnchorInterval{100};

/// For staff and operators: no path, no value.
std::string describe(const std::exception& error) {
  if (const auto* database = dynamic_cast<const core::db::Error*>(&error)) {
    return std::string("the database failed: ") + database->getErrorStr();
  }
  return error.what();
}

}  // namespace

class AuditLog::Writer {
 public:
  Writer(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime)
      : lock_(locked(place)),
        log_(std::move(log)),
        timekeeper_(std::move(clock), std::move(uptime)),
        signer_(read_signing_key(place.signing_key)),
        store_(place.database, signer_),
        keys_(place.database, WrappingKey(read_secret_key(place.wrapping_key))),
        encoder_(checked_index(place), keys_, timekeeper_.boot_id()),
        published_(place.database),
        anchor_(place.anchor ? store_.compare_with_anchor(*place.anchor) : nullptr),
        newest_(newest_entry()),
        steps_(watch_from(newest_)),
        head_{store_.head_size(), store_.root(), store_.checkpoint()},
        thread_([this] { run(); }) {}

  ~Writer() {
    queue_.close();
    thread_.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Receipt append(const Event& event) { return append(encode(event)); }

  Receipt append(const Event& event, Deed deed) {
    const auto* shred = std::get_if<Shred>(&deed);
    const auto shredded = shred ? std::optional(shred->subject) : std::nullopt;
    std::vector<Draft> drafts = encode(event);
    drafts.front().deed = std::move(deed);
    const Receipt receipt = append(std::move(drafts));
    if (shredded) keys_.forget(*shredded);
    return receipt;
  }

  void append_later(const Event& event) {
    try {
      queue_.put(encode(event), CommitQueue::Haste::later);
    } catch (const AuditError&) {
      // Told already, when the log broke; the effect is past and nothing more will be served.
    }
  }

  void flush() {
    const auto last = queue_.last();
    if (last && !last->wait()) throw AuditError(broken());
  }

  Head head() const {
    const std::lock_guard lock(mutex_);
    return head_;
  }

  std::string broken() const { return queue_.broken(); }

  const NoteVerifier& verifier() const { return signer_.verifier(); }
  const IndexKey& index() const { return encoder_.index(); }
  std::optional<NoteVerifier> signer_of(std::uint64_t size) {
    return published_.signer_of(size, signer_.verifier());
  }

  std::optional<core::Bytes> file(const LogFile& file) {
    auto bytes = published_.file(file);
    if (bytes && file.kind == LogFile::Kind::checkpoint) {
      anchor(std::string(core::as_text(*bytes)));
    }
    return bytes;
  }
  std::optional<LogProof> proof(std::uint64_t seq) { return anchored(published_.proof(seq)); }
  std::optional<Proof> consistency(std::uint64_t old_size, std::uint64_t size) {
    return published_.consistency(old_size, size);
  }
  std::optional<LogProof> receipt(std::uint64_t seq, std::string_view recipient_id) {
    const Subject recipient = encoder_.index().subject(SubjectKind::recipient, recipient_id);
    std::shared_ptr<const WitnessedCheckpoint> witnessed;
    {
      const std::lock_guard lock(mutex_);
      witnessed = witnessed_;
    }
    return anchored(published_.receipt(seq, recipient, witnessed.get()));
  }

  /// Before a checkpoint leaves.
  void anchor(const std::string& checkpoint) {
    if (anchor_ == nullptr) return;
    try {
      anchor_->raise(checkpoint);
    } catch (const AuditError& error) {
      break_down(error.what(), encode(anchor_trouble_event()));
      throw;
    }
  }

  void hold_witnessed(WitnessedCheckpoint checkpoint) {
    auto held = std::make_shared<const WitnessedCheckpoint>(std::move(checkpoint));
    const std::lock_guard lock(mutex_);
    witnessed_ = std::move(held);
  }

 private:
  /// A rotation that a crash interrupted is settled first: it replaces the file that is locked.
  static FileLock locked(const AuditPlace& place) {
    finish_rotation(place);
    return FileLock(place.signing_key);
  }

  /// The first entry names the key that hashes identifiers: under another one no history is found.
  IndexKey checked_index(const AuditPlace& place) {
    IndexKey index(read_secret_key(place.index_key));
    const std::optional<Entry> opening = store_.entry(0);
    if (!opening || opening->event != event_name(EventCode::log_open)) {
      throw AuditError("audit.db does not begin with the entry that opens a log");
    }
    const auto id = opening->facts.find("index_key");
    if (id == opening->facts.end() || id->second != core::to_hex(index.id())) {
      throw AuditError("audit-index.key is not the key of this log: restore it");
    }
    return index;
  }

  /// There is one: that which opens the log, at least.
  Entry newest_entry() {
    auto newest = store_.entry(store_.head_size() - 1);
    if (!newest) throw AuditError("the last entry of audit.db cannot be read");
    return *std::move(newest);
  }

  StepWatch watch_from(const Entry& newest) const {
    if (newest.boot != timekeeper_.boot_id()) return StepWatch::after_boot(newest.time);
    return StepWatch::within_boot({newest.time, newest.uptime, newest.clock});
  }

  std::vector<Draft> encode(const Event& event) {
    try {
      return encoder_.encode(event);
    } catch (const std::exception& error) {
      // What cannot be put on record must not happen, and nothing after it.
      break_down(describe(error));
      throw AuditError(broken());
    }
  }

  Receipt append(std::vector<Draft> drafts) {
    const auto [batch, index] = queue_.put(std::move(drafts), CommitQueue::Haste::awaited);
    if (!batch->wait()) throw AuditError(broken());
    return Receipt(batch->first_seq() + index, batch->leaf(index));
  }

  void run() {
    try {
      if (anchor_ != nullptr && newest_.event == event_name(EventCode::anchor_trouble)) {
        try_anchor_again();
      }
      while (const std::shared_ptr<Batch> batch = queue_.next()) {
        write(*batch);
        store_.tidy();
        anchor_from_time_to_time();
      }
      if (anchor_ != nullptr) anchor_now();
    } catch (const std::exception& error) {
      store_.abandon();
      break_down(describe(error));
      queue_.fail();
    }
  }

  std::optional<LogProof> anchored(std::optional<LogProof> proof) {
    if (proof) anchor(proof->checkpoint);
    return proof;
  }

  /// Of the writer's thread. What can still be written is written: audit.db is sound.
  void anchor_now() {
    try {
      anchor_->raise(store_.checkpoint());
    } catch (const AuditError& error) {
      if (!knows_of_trouble_) {
        break_down(error.what(), encode(anchor_trouble_event()));
        write_rest();
      }
      throw;
    }
  }

  /// It was what ended the log the last time.
  void try_anchor_again() {
    knows_of_trouble_ = true;
    anchor_now();
    knows_of_trouble_ = false;
    write_own(anchor_restored_event());
  }

  /// What nobody has published is anchored as well, only not at once: it takes the disk as long as
  /// a commit does.
  void anchor_from_time_to_time() {
    const auto now = std::chrono::steady_clock::now();
    if (anchor_ == nullptr || now - anchored_at_ < kAnchorInterval) return;
    anchored_at_ = now;
    anchor_now();
  }

  /// An entry of the log's own, at once. Of the writer's thread.
  void write_own(const Event& event) {
    store_.commit(encoder_.encode(event), timekeeper_);
    publish_head();
  }

  /// Before anything that was written by the clock as it is now.
  void write_clock_step() {
    const auto step = steps_.see(timekeeper_.now());
    if (step) write_own(clock_step_event(*step));
  }

  void write(Batch& batch) {
    write_clock_step();
    const std::uint64_t first_seq = store_.head_size();
    auto leaves = store_.commit(batch.drafts, timekeeper_);
    publish_head();
    queue_.committed();
    batch.succeed(first_seq, std::move(leaves));
  }

  void publish_head() {
    const std::lock_guard lock(mutex_);
    head_ = {store_.head_size(), store_.root(), store_.checkpoint()};
  }

  /// What was queued before the log broke, the reason last.
  void write_rest() {
    const auto rest = queue_.take_rest();
    if (!rest->drafts.empty()) write(*rest);
  }

  /// The first reason is the only one that is told. `last` go on record behind what is queued,
  /// where that can still be written.
  void break_down(const std::string& reason, std::vector<Draft> last = {}) {
    const std::string told = "the audit log is broken until the next start: " + reason;
    if (queue_.break_down(told, std::move(last))) log_(core::Severity::error, told);
  }

  // Constant after construction. The lock first: nothing is read before it is held. The store
  // before the keys: the connection that can write closes last.
  const FileLock lock_;
  const core::Log log_;
  const Timekeeper timekeeper_;
  const NoteSigner signer_;
  LogStore store_;  // owned by thread_ once it runs
  KeyRing keys_;
  const EntryEncoder encoder_;
  PublishedLog published_;
  const std::unique_ptr<Anchor> anchor_;  ///< may be null
  const Entry newest_;                    ///< when the log was opened
  StepWatch steps_;                       ///< owned by thread_ once it runs
  bool knows_of_trouble_ = false;         ///< with the anchor; owned by thread_

  mutable std::mutex mutex_;
  Head head_;                                             ///< guarded by mutex_
  std::shared_ptr<const WitnessedCheckpoint> witnessed_;  ///< may be null; guarded by mutex_
  CommitQueue queue_;

  std::chrono::steady_clock::time_point anchored_at_;  // of thread_
  std::thread thread_;
};

AuditLog::AuditLog(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime) try
    : writer_(
          std::make_unique<Writer>(place, std::move(clock), std::move(log), std::move(uptime))) {
} catch (const core::db::Error& error) {
  throw AuditError("audit.db cannot be opened: " + describe(error));
}

AuditLog::~AuditLog() = default;

Receipt AuditLog::append(const Event& event) { return writer_->append(event); }

Receipt AuditLog::append(const Event& event, Deed deed) {
  return writer_->append(event, std::move(deed));
}

void AuditLog::append_later(const Event& event) { writer_->append_later(event); }

void AuditLog::flush() { writer_->flush(); }

std::optional<core::Bytes> AuditLog::file(const LogFile& file) { return writer_->file(file); }

std::optional<Proof> AuditLog::consistency(std::uint64_t old_size, std::uint64_t size) {
  return writer_->consistency(old_size, size);
}

std::optional<LogProof> AuditLog::proof(std::uint64_t seq) { return writer_->proof(seq); }

std::optional<LogProof> AuditLog::receipt(std::uint64_t seq, std::string_view recipient_id) {
  return writer_->receipt(seq, recipient_id);
}

void AuditLog::anchor(const std::string& checkpoint) { writer_->anchor(checkpoint); }

void AuditLog::hold_witnessed(WitnessedCheckpoint checkpoint) {
  writer_->hold_witnessed(std::move(checkpoint));
}

Subject AuditLog::subject(SubjectKind kind, std::string_view value) const {
  return writer_->index().subject(kind, value);
}

Head AuditLog::head() const { return writer_->head(); }

const std::string& AuditLog::origin() const { return verifier().name(); }

const NoteVerifier& AuditLog::verifier() const { return writer_->verifier(); }

std::optional<NoteVerifier> AuditLog::signer_of(std::uint64_t size) {
  return writer_->signer_of(size);
}

std::string AuditLog::broken() const { return writer_->broken(); }

}  // namespace sekisho::audit
