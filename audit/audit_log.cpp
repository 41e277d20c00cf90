// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/audit_log.h"

#include <algorithm>
#include <atomic>
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
#include "audit/store/anchor.h"
#include "audit/store/disk_full.h"
#include "audit/store/open_log.h"
#include "audit/store/reserve.h"
#include "core/database_error.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// How old an anchor may be while entries are written of which nothing leaves.
constexpr std::chrono::milliseconds kAnchorInterval{100};

/// How often a reserve that could not be made is tried again, and one that was given up.
constexpr std::chrono::seconds kBetweenReserves{60};
constexpr std::chrono::seconds kBetweenTries{1};

constexpr std::string_view kSaving =
    "the disk is full. The log's reserve is given up for what staff do and for the outcomes of "
    "what "
    "was under way; recipients get nothing until there is room again";
constexpr std::string_view kRestored = "there is room on the disk again, everything goes on";
constexpr std::string_view kFull =
    "the disk is full. Nothing is put on record, and nothing done, until there is room again";

/// What somebody else than staff asks for, and what can wait until there is room.
CommitQueue::Origin origin_of(EventCode code) {
  switch (code) {
    case EventCode::transfer_begin:
    case EventCode::query:
    case EventCode::denial:
    case EventCode::return_begin:
      return CommitQueue::Origin::recipient;
    default:
      return CommitQueue::Origin::house;
  }
}

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
  Writer(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime,
         std::uint64_t reserve_bytes)
      : lock_(locked(place)),
        log_(std::move(log)),
        timekeeper_(std::move(clock), std::move(uptime)),
        signer_(read_signing_key(place.signing_key)),
        store_(open_log_store(place.database, signer_)),
        keys_(open_stored_log(place.database), WrappingKey(read_secret_key(place.wrapping_key))),
        encoder_(checked_index(place), keys_, timekeeper_.boot_id()),
        published_(place.database),
        anchor_(compared_anchor(place)),
        newest_(newest_entry()),
        steps_(watch_from(newest_)),
        reserve_(place.reserve, reserve_bytes),
        head_{store_->head_size(), store_->root(), store_->checkpoint()},
        thread_([this] { run(); }) {}

  ~Writer() {
    queue_.close();
    thread_.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Receipt append(const Event& event) { return append(encode(event), origin_of(event.code)); }

  Receipt append(const Event& event, Deed deed) {
    const auto* shred = std::get_if<Shred>(&deed);
    const auto shredded = shred ? std::optional(shred->subject) : std::nullopt;
    std::vector<Draft> drafts = encode(event);
    drafts.front().deed = std::move(deed);
    const Receipt receipt = append(std::move(drafts), origin_of(event.code));
    if (shredded) keys_.forget(*shredded);
    return receipt;
  }

  void append_later(const Event& event) {
    try {
      queue_.put(encode(event), CommitQueue::Haste::later, origin_of(event.code));
    } catch (const AuditError&) {
      // Told already, or told when the log closes; the effect is past.
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

  std::string broken() const { return queue_.reason(); }
  Condition condition() const { return queue_.condition(); }
  bool lacks_reserve() const { return lacks_reserve_; }

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
  std::optional<LogProof> receipt(const ReceiptId& id, std::string_view recipient_id) {
    if (id.log != signer_.verifier().name()) return std::nullopt;
    const Subject recipient = encoder_.index().subject(SubjectKind::recipient, recipient_id);
    std::shared_ptr<const WitnessedCheckpoint> witnessed;
    {
      const std::lock_guard lock(mutex_);
      witnessed = witnessed_;
    }
    return anchored(published_.receipt(id.number, recipient, witnessed.get()));
  }

  /// Before a checkpoint leaves.
  void anchor(const std::string& checkpoint) {
    if (anchor_ == nullptr) return;
    try {
      anchor_->raise(checkpoint);
    } catch (const DiskFull&) {
      throw;  // it does not leave now, and may later
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
    const std::optional<Entry> opening = store_->entry(0);
    if (!opening || opening->event != event_name(EventCode::log_open)) {
      throw AuditError("audit.db does not begin with the entry that opens a log");
    }
    const auto id = opening->facts.find("index_key");
    if (id == opening->facts.end() || id->second != core::to_hex(index.id())) {
      throw AuditError("audit-index.key is not the key of this log: restore it");
    }
    return index;
  }

  /// Null where the place has none.
  std::unique_ptr<Anchor> compared_anchor(const AuditPlace& place) const {
    if (!place.anchor) return nullptr;
    return std::make_unique<Anchor>(*place.anchor, signer_.verifier(), store_->stored(),
                                    store_->head_size());
  }

  /// There is one: that which opens the log, at least.
  Entry newest_entry() {
    auto newest = store_->entry(store_->head_size() - 1);
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

  Receipt append(std::vector<Draft> drafts, CommitQueue::Origin origin) {
    const auto [batch, index] = queue_.put(std::move(drafts), CommitQueue::Haste::awaited, origin);
    if (!batch->wait()) throw AuditError(broken());
    return Receipt({signer_.verifier().name(), batch->first_seq() + index}, batch->leaf(index));
  }

  void run() {
    try {
      if (anchor_ != nullptr && newest_.event == event_name(EventCode::anchor_trouble)) {
        try_anchor_again();
      }
      hold_reserve();
      while (const std::shared_ptr<Batch> batch = queue_.next()) {
        if (queue_.condition() == Condition::full) {
          try_again(*batch);
        } else {
          work(*batch);
        }
      }
      tell_what_is_lost();
      if (anchor_ != nullptr) anchor_now();
    } catch (const std::exception& error) {
      store_->abandon();
      break_down(describe(error));
      queue_.fail();
    }
  }

  void work(Batch& batch) {
    try {
      write(batch);
      store_->tidy();
      anchor_from_time_to_time();
      look_after_reserve();
    } catch (const DiskFull&) {
      if (queue_.condition() == Condition::broken) throw;
      store_->undo();
      if (!full_since_) full_since_ = timekeeper_.now().time;
      if (!reserve_.give_up() || !save(batch)) fill_up(batch);
    }
  }

  /// While nothing is taken. Whatever had no room goes first.
  void try_again(Batch& batch) {
    try {
      store_->tidy();
      if (anchor_ != nullptr) anchor_now();
      hold_reserve();
      if (reserve_.is_held() || !had_reserve_) {
        restore(batch);
      } else {
        write_confirmed(batch, log_full_event());
        queue_.save(std::string(kSaving));
        tell(kSaving);
      }
    } catch (const DiskFull&) {
      store_->undo();
      reserve_.give_up();
      fill_up(batch);
    }
  }

  /// With the room of the reserve. False where that is none either.
  bool save(Batch& batch) {
    try {
      store_->tidy();
      write_confirmed(batch, log_full_event());
    } catch (const DiskFull&) {
      store_->undo();
      return false;
    }
    queue_.save(std::string(kSaving));
    tell(kSaving);
    return true;
  }

  void fill_up(Batch& batch) {
    queue_.fill_up(batch, std::string(kFull));
    tell(kFull);
  }

  void restore(Batch& batch) {
    write_confirmed(batch, log_restored_event(full_since_.value_or(timekeeper_.now().time)));
    full_since_.reset();
    queue_.recover();
    tell(kRestored);
  }

  /// Each only when it is another than what was told last.
  void tell(std::string_view what) {
    if (std::exchange(told_, what) == what) return;
    log_(what == kRestored ? core::Severity::warning : core::Severity::error,
         "the audit log: " + std::string(what));
  }

  void tell_what_is_lost() {
    const std::size_t lost = queue_.unwritten();
    if (lost == 0) return;
    log_(core::Severity::error, "the audit log closes without " + std::to_string(lost) +
                                    " outcomes, for which the disk had no room");
  }

  void hold_reserve() {
    reserve_tried_at_ = std::chrono::steady_clock::now();
    had_reserve_ |= reserve_.hold();
    lacks_reserve_ = reserve_.is_wanted() && !reserve_.is_held();
  }

  void look_after_reserve() {
    if (!reserve_.is_wanted() || reserve_.is_held()) return;
    const bool is_saving = queue_.condition() == Condition::saving;
    const auto pause = is_saving ? kBetweenTries : kBetweenReserves;
    if (std::chrono::steady_clock::now() - reserve_tried_at_ < pause) return;
    // Where it is the anchor's disk that is full, the reserve is no help.
    if (is_saving && anchor_ != nullptr) anchor_now();
    hold_reserve();
    if (!is_saving || !reserve_.is_held()) return;
    Batch none;
    restore(none);
  }

  std::optional<LogProof> anchored(std::optional<LogProof> proof) {
    if (proof) anchor(proof->checkpoint);
    return proof;
  }

  /// Of the writer's thread. What can still be written is written: audit.db is sound.
  void anchor_now() {
    try {
      anchor_->raise(store_->checkpoint());
    } catch (const DiskFull&) {
      throw;
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
    store_->commit(encoder_.encode(event), timekeeper_);
    publish_head();
  }

  /// Before anything that was written by the clock as it is now.
  void write_clock_step() {
    StepWatch steps = steps_;
    const auto step = steps.see(timekeeper_.now());
    if (step) write_own(clock_step_event(*step));
    steps_ = steps;  // seen once it is on record
  }

  void write(Batch& batch) {
    if (batch.drafts.empty()) return batch.succeed(store_->head_size(), {});
    write_clock_step();
    const std::uint64_t first_seq = store_->head_size();
    settle(batch, first_seq, store_->commit(batch.drafts, timekeeper_));
  }

  /// The batch, unless it has ended, and behind it an entry of the log's own, read back before
  /// anybody is told.
  void write_confirmed(Batch& batch, const Event& own) {
    write_clock_step();
    Batch alone;
    Batch& written = batch.is_open() ? batch : alone;
    const auto count = static_cast<std::ptrdiff_t>(written.drafts.size());
    std::ranges::move(encoder_.encode(own), std::back_inserter(written.drafts));
    const std::uint64_t first_seq = store_->head_size();
    try {
      auto leaves = store_->commit(written.drafts, timekeeper_);
      store_->confirm(leaves.back());
      settle(written, first_seq, std::move(leaves));
    } catch (const DiskFull&) {
      written.drafts.erase(written.drafts.begin() + count, written.drafts.end());
      throw;
    }
  }

  void settle(Batch& batch, std::uint64_t first_seq, std::vector<core::Sha256> leaves) {
    publish_head();
    queue_.committed();
    batch.succeed(first_seq, std::move(leaves));
  }

  void publish_head() {
    const std::lock_guard lock(mutex_);
    head_ = {store_->head_size(), store_->root(), store_->checkpoint()};
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
  std::chrono::steady_clock::time_point reserve_tried_at_;
  std::optional<core::Time> full_since_;  ///< while not everything is taken
  std::string_view told_ = kRestored;     ///< what operators were told last of a full disk

  std::atomic<bool> lacks_reserve_ = false;

  mutable std::mutex mutex_;
  Head head_;                                             ///< guarded by mutex_
  std::shared_ptr<const WitnessedCheckpoint> witnessed_;  ///< may be null; guarded by mutex_
  CommitQueue queue_;

  std::chrono::steady_clock::time_point anchored_at_;  // of thread_
  std::thread thread_;
};

AuditLog::AuditLog(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime,
                   std::uint64_t reserve_bytes) try
    : writer_(std::make_unique<Writer>(place, std::move(clock), std::move(log), std::move(uptime),
                                       reserve_bytes)) {
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

std::optional<LogProof> AuditLog::receipt(const ReceiptId& id, std::string_view recipient_id) {
  return writer_->receipt(id, recipient_id);
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

Condition AuditLog::condition() const { return writer_->condition(); }

bool AuditLog::lacks_reserve() const { return writer_->lacks_reserve(); }

}  // namespace sekisho::audit
