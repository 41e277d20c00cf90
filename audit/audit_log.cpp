// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/audit_log.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "audit/entry.h"
#include "audit/key_files.h"
#include "audit/key_ring.h"
#include "audit/log_store.h"
#include "audit/own_events.h"
#include "audit/rotate_key.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// Entries that may wait for one commit; callers wait while there are more.
constexpr std::size_t kMaxQueued = 1024;
/// How long entries that nobody waits for may wait for one that somebody does: its transaction
/// takes them along, and no disk is made to write for them alone while there is traffic.
constexpr std::chrono::milliseconds kPatience{50};

/// Where callers overlap, how long the first of a transaction waits for one more than the last
/// transaction had. Signing and syncing take the processor as long as all else of an entry: with
/// eight callers that are busy in between, each would pay for itself alone.
constexpr std::chrono::microseconds kCompanyWait{400};
/// Nobody waits for more than that: the cost is shared well enough.
constexpr int kLargestCompany = 8;

/// How old an anchor may be while entries are written of which nothing leaves.
constexpr std::chrono::milliseconds kAnchorInterval{100};

/// What one transaction commits and many callers wait for.
class Batch {
 public:
  /// Before the batch is handed over; guarded by the writer's mutex.
  std::vector<Draft> drafts;

  /// True once all is durable, false if it never will be.
  bool wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return state_ != State::open; });
    return state_ == State::durable;
  }
  void succeed(std::uint64_t first_seq, std::vector<core::Sha256> leaves) {
    first_seq_ = first_seq;
    leaves_ = std::move(leaves);
    end(State::durable);
  }
  void fail() { end(State::failed); }

  /// After wait() gave true.
  std::uint64_t first_seq() const { return first_seq_; }
  const core::Sha256& leaf(std::size_t index) const { return leaves_[index]; }

 private:
  enum class State { open, durable, failed };
  void end(State state) {
    {
      const std::lock_guard lock(mutex_);
      if (state_ != State::open) return;
      state_ = state;
    }
    ended_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  State state_ = State::open;  // guarded by mutex_
  // Written before the state, read after it.
  std::uint64_t first_seq_ = 0;
  std::vector<core::Sha256> leaves_;
};

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
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    queued_.notify_one();
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
      enqueue(encode(event), Haste::later);
    } catch (const AuditError&) {
      // Told already, when the log broke; the effect is past and nothing more will be served.
    }
  }

  void flush() {
    std::shared_ptr<Batch> last;
    {
      const std::lock_guard lock(mutex_);
      require_sound();
      last = queue_->drafts.empty() ? in_flight_ : queue_;
      if (last == queue_) hurry();
    }
    if (last && !last->wait()) throw AuditError(broken());
  }

  Head head() const {
    const std::lock_guard lock(mutex_);
    return head_;
  }

  std::string broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
  }

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

  void hold_witnessed(WitnessedCheckpoint checkpoint) {
    auto held = std::make_shared<const WitnessedCheckpoint>(std::move(checkpoint));
    const std::lock_guard lock(mutex_);
    witnessed_ = std::move(held);
  }

 private:
  enum class Haste { later, awaited };

  struct Place {
    std::shared_ptr<Batch> batch;
    std::size_t index;
  };

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

  /// Guarded by mutex_.
  void require_sound() const {
    if (!broken_.empty()) throw AuditError(broken_);
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
    const auto [batch, index] = enqueue(std::move(drafts), Haste::awaited);
    if (!batch->wait()) throw AuditError(broken());
    return Receipt(batch->first_seq() + index, batch->leaf(index));
  }

  Place enqueue(std::vector<Draft> drafts, Haste haste) {
    Place place;
    bool tell = false;
    {
      std::unique_lock lock(mutex_);
      if (queue_->drafts.size() >= kMaxQueued) hurry();
      taken_.wait(lock, [this] { return queue_->drafts.size() < kMaxQueued || !broken_.empty(); });
      require_sound();
      place = {queue_, queue_->drafts.size()};
      tell = idle_ && queue_->drafts.empty();  // patience begins with the first
      if (haste == Haste::awaited) {
        ++callers_;
        overlapped_ |= writing_;
        tell |= callers_ == 1 || callers_ == company_;
      }
      std::move(drafts.begin(), drafts.end(), std::back_inserter(queue_->drafts));
    }
    if (tell) queued_.notify_one();
    return place;
  }

  /// Guarded by mutex_.
  void hurry() {
    callers_ = std::max(callers_, company_);
    queued_.notify_one();
  }

  void run() {
    try {
      if (anchor_ != nullptr && newest_.event == event_name(EventCode::anchor_trouble)) {
        try_anchor_again();
      }
      while (const std::shared_ptr<Batch> batch = next_batch()) {
        write(*batch);
        store_.tidy();
        anchor_from_time_to_time();
      }
      if (anchor_ != nullptr) anchor_now();
    } catch (const std::exception& error) {
      store_.abandon();
      break_down(describe(error));
      const std::lock_guard lock(mutex_);
      if (in_flight_) in_flight_->fail();
      queue_->fail();  // nothing joins it any more
    }
  }

  std::optional<LogProof> anchored(std::optional<LogProof> proof) {
    if (proof) anchor(proof->checkpoint);
    return proof;
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

  /// Null when the log closes and all is written.
  std::shared_ptr<Batch> next_batch() {
    auto empty = std::make_shared<Batch>();
    {
      std::unique_lock lock(mutex_);
      // After a commit first with patience: while there is traffic, outcomes wake nobody.
      wait_for_callers(lock, kPatience, 1);
      if (queue_->drafts.empty()) {
        idle_ = true;
        queued_.wait(lock, [this] { return stopping_ || !queue_->drafts.empty(); });
        idle_ = false;
        wait_for_callers(lock, kPatience, 1);
      }
      if (callers_ > 0 && overlapped_) wait_for_callers(lock, kCompanyWait, company_);
      if (queue_->drafts.empty()) return nullptr;
      overlapped_ = callers_ > 1;
      company_ = std::min(std::exchange(callers_, 0) + 1, kLargestCompany);
      writing_ = true;
      in_flight_ = std::exchange(queue_, std::move(empty));
    }
    taken_.notify_all();
    return in_flight_;
  }

  template <class Duration>
  void wait_for_callers(std::unique_lock<std::mutex>& lock, Duration limit, int count) {
    queued_.wait_for(lock, limit, [&] { return stopping_ || callers_ >= count; });
  }

  /// An entry of the log's own, at once. Of the writer's thread.
  void write_own(const Event& event) {
    store_.commit(encoder_.encode(event), timekeeper_);
    const std::lock_guard lock(mutex_);
    head_ = {store_.head_size(), store_.root(), store_.checkpoint()};
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
    {
      const std::lock_guard lock(mutex_);
      head_ = {store_.head_size(), store_.root(), store_.checkpoint()};
      writing_ = false;
    }
    batch.succeed(first_seq, std::move(leaves));
  }

  /// What was queued before the log broke, the reason last.
  void write_rest() {
    std::shared_ptr<Batch> rest;
    {
      const std::lock_guard lock(mutex_);
      rest = in_flight_ = std::exchange(queue_, std::make_shared<Batch>());
    }
    if (!rest->drafts.empty()) write(*rest);
  }

  /// The first reason is the one that counts and the only one that is told. `last` go on record
  /// behind what is queued, where that can still be written.
  void break_down(const std::string& reason, std::vector<Draft> last = {}) {
    {
      const std::lock_guard lock(mutex_);
      if (!broken_.empty()) return;
      broken_ = "the audit log is broken until the next start: " + reason;
      if (!last.empty()) {
        std::move(last.begin(), last.end(), std::back_inserter(queue_->drafts));
        hurry();
      }
    }
    taken_.notify_all();
    log_(core::Severity::error, broken());
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
  std::condition_variable queued_;
  std::condition_variable taken_;
  // Guarded by mutex_.
  std::shared_ptr<Batch> queue_ = std::make_shared<Batch>();
  std::shared_ptr<Batch> in_flight_;
  Head head_;
  std::shared_ptr<const WitnessedCheckpoint> witnessed_;  ///< may be null
  std::string broken_;
  int callers_ = 0;          ///< who wait for what is queued
  int company_ = 1;          ///< how many are worth waiting for
  bool overlapped_ = false;  ///< callers come while others wait
  bool writing_ = false;
  bool idle_ = false;  ///< the writer sleeps until somebody tells it
  bool stopping_ = false;

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
