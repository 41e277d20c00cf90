// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/repository_feed.h"

#include <algorithm>
#include <stop_token>
#include <system_error>

#include "audit/error.h"
#include "audit/export/position_file.h"
#include "audit/export/syslog.h"
#include "core/database_error.h"
#include "core/mutex.h"
#include "core/pause.h"
#include "core/steady_clock.h"
#include "core/thread.h"

namespace sekisho::audit {
namespace {

using std::chrono::milliseconds;

/// Entries and bytes of one TLS session: what may arrive twice, and what is held in memory.
constexpr std::size_t kMaxEntries = 256;
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
/// How often it looks for new entries: at most one TLS session in that time while all is well.
constexpr milliseconds kPeriod{1'000};
constexpr milliseconds kLongestPause{5 * 60 * 1'000};
/// A head is sent after so many entries, however short the time.
constexpr std::uint64_t kCheckpointEntries = 4096;

/// For staff and operators: nothing of an entry.
std::string describe(const std::exception& error) {
  const bool is_of_database = dynamic_cast<const core::DatabaseError*>(&error) != nullptr;
  return (is_of_database ? "audit.db cannot be read: " : "") + std::string(error.what());
}

}  // namespace

class RepositoryFeed::Sender {
 public:
  Sender(const AuditPlace& place, std::string origin, RepositoryOptions options, Gate gate,
         core::Clock clock, core::Log log)
      : place_(place),
        options_(std::move(options)),
        source_{std::move(origin), options_.enterprise_site},
        position_(position_file(place), source_.origin),
        gate_(std::move(gate)),
        clock_(std::move(clock)),
        log_(std::move(log)),
        link_(options_.address, stop_),
        thread_(start()) {}

  ~Sender() {
    stop_.raise();
    thread_.end();
  }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  RepositoryState state() const {
    const core::MutexLock lock(mutex_);
    return state_;
  }

 private:
  /// What one session delivers.
  struct Batch {
    std::string frames;
    std::uint64_t next = 0;
    bool has_checkpoint = false;
    bool more = false;  ///< what comes behind it is there already
  };

  static std::filesystem::path position_file(const AuditPlace& place) {
    return place.database.parent_path() / "audit-repository.position";
  }

  core::Thread start() {
    try {
      return {"sekisho-export", [this](const std::stop_token&) { run(); }};
    } catch (const std::system_error& error) {
      throw LinkError(std::string("The audit repository has no thread: ") + error.what());
    }
  }

  void run() {
    milliseconds pause{0};
    while (!stop_.wait(pause)) {
      try {
        pause = deliver_next() ? milliseconds{0} : kPeriod;
        failures_ = 0;
      } catch (const std::exception& error) {
        if (stop_.wait(milliseconds{0})) return;
        reader_.reset();
        tell_trouble(describe(error));
        pause = core::pause_after(failures_++, options_.retry_after, kLongestPause);
      }
    }
  }

  /// Whether there is more to deliver at once.
  bool deliver_next() {
    if (!reader_) {
      reader_.emplace(place_, options_.identifiers);
      next_ = position_.load();
    }
    const StoredHead head = reader_->log().head();
    if (head.size < next_) {
      throw AuditError(
          "The log has fewer entries than the audit repository was sent: it was set "
          "back. Compare it with the checkpoints there.");
    }
    const Batch batch = next_batch(head);
    if (!batch.frames.empty()) {
      link_.deliver(batch.frames);
      position_.store(batch.next);
      next_ = batch.next;
      if (batch.has_checkpoint) {
        checkpoint_size_ = head.size;
        checkpoint_at_ = core::SteadyClock::now();
      }
    }
    tell_success(head.size, !batch.frames.empty());
    return batch.more;
  }

  Batch next_batch(const StoredHead& head) {
    Batch batch;
    batch.next = next_;
    for (std::size_t taken = 0; taken < kMaxEntries && batch.frames.size() < kMaxBytes; ++taken) {
      const auto records = reader_->records(batch.next, head.size, 1);
      if (records.empty()) {
        batch.next = head.size;  // pruned, or at the end
        break;
      }
      batch.frames += to_syslog_frame(make_message(records.front(), source_));
      batch.next = records.front().entry.seq + 1;
    }
    batch.more = batch.next < head.size;
    // Only a head whose entries are all there: the repository can then compute what it signs.
    batch.has_checkpoint = !batch.more && is_checkpoint_due(head.size);
    if (batch.has_checkpoint) {
      gate_(head.checkpoint);
      batch.frames += to_syslog_frame(make_checkpoint_message(head.checkpoint, clock_(), source_));
    }
    return batch;
  }

  bool is_checkpoint_due(std::uint64_t size) const {
    if (size == checkpoint_size_) return false;
    return checkpoint_size_ == 0 || size - checkpoint_size_ >= kCheckpointEntries ||
           core::SteadyClock::now() - checkpoint_at_ >= options_.checkpoint_every;
  }

  void tell_success(std::uint64_t size, bool delivered) {
    std::string over;
    {
      const core::MutexLock lock(mutex_);
      over.swap(state_.trouble);
      state_.delivered = next_;
      state_.behind = size - next_;
      if (delivered) state_.last_delivery = clock_();
    }
    if (!over.empty()) log_(core::Severity::info, "The audit repository is served again.");
  }

  void tell_trouble(const std::string& trouble) {
    bool is_new = false;
    {
      const core::MutexLock lock(mutex_);
      is_new = state_.trouble != trouble;
      state_.trouble = trouble;
      state_.delivered = next_;
    }
    count_behind();
    if (is_new) log_(core::Severity::warning, "Audit repository: " + trouble);
  }

  /// As far as the log can be read.
  void count_behind() {
    try {
      const std::uint64_t size = LogReader(place_.database).head().size;
      const core::MutexLock lock(mutex_);
      state_.behind = size - std::min(size, next_);
    } catch (const std::exception&) {
      // The trouble that is told already says so.
    }
  }

  // Constant after construction.
  const AuditPlace place_;
  const RepositoryOptions options_;
  const MessageSource source_;
  const PositionFile position_;
  const Gate gate_;
  const core::Clock clock_;
  const core::Log log_;
  StopSignal stop_;

  // Owned by thread_.
  RepositoryLink link_;
  std::optional<ExportReader> reader_;  ///< opened anew after every failure
  std::uint64_t next_ = 0;
  std::uint64_t checkpoint_size_ = 0;
  core::SteadyClock::time_point checkpoint_at_;
  int failures_ = 0;

  mutable core::Mutex mutex_;
  RepositoryState state_;  // guarded by mutex_

  core::Thread thread_;
};

RepositoryFeed::RepositoryFeed(const AuditPlace& place, std::string origin,
                               RepositoryOptions options, Gate gate, core::Clock clock,
                               core::Log log)
    : sender_(std::make_unique<Sender>(place, std::move(origin), std::move(options),
                                       std::move(gate), std::move(clock), std::move(log))) {}

RepositoryFeed::~RepositoryFeed() = default;

RepositoryState RepositoryFeed::state() const { return sender_->state(); }

}  // namespace sekisho::audit
