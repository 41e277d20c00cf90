// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audit/condition.h"
#include "audit/entry/entry.h"
#include "core/digest.h"
#include "core/mutex.h"

namespace sekisho::audit {

/// What one transaction commits and many callers wait for. Any thread may wait.
class Batch {
 public:
  /// Which of the drafts somebody waits for.
  struct Awaited {
    std::size_t first;
    std::size_t count;
  };
  /// Of the queue until it hands the batch over, then of the writer.
  std::vector<Draft> drafts;
  std::vector<Awaited> awaited;

  /// True once all is durable, false if it never will be.
  bool wait() const;
  /// Of the writer: how it ended. The first call counts.
  void succeed(std::uint64_t first_seq, std::vector<core::Sha256> leaves);
  void fail();
  bool is_open() const { return state_ == State::open; }

  /// After wait() gave true.
  std::uint64_t first_seq() const { return first_seq_; }
  const core::Sha256& leaf(std::size_t index) const { return leaves_[index]; }

 private:
  enum class State : int { open, durable, failed };
  void end(State state);

  std::atomic<State> state_ = State::open;
  core::Latch ended_;
  // Written before the state, read after it.
  std::uint64_t first_seq_ = 0;
  std::vector<core::Sha256> leaves_;
};

/// Between those who append and the one thread that commits. It gathers what comes at the same time
/// into one batch, and what nobody waits for with what somebody does. What it takes is a matter of
/// its condition.
class CommitQueue {
 public:
  enum class Haste {
    later,   ///< nobody waits for it
    soon,    ///< whoever puts it is about to wait for what he puts behind it
    awaited  ///< somebody waits for it
  };
  enum class Origin { recipient, house };  ///< who began what is to be put on record

  struct Place {
    std::shared_ptr<Batch> batch;
    std::size_t index;
  };

  /// Waits while there is too much. Throws AuditError where it is not taken: what nobody waits for
  /// is kept while the disk is full, as long as it is not too much.
  Place put(std::vector<Draft> drafts, Haste haste, Origin origin);
  /// What was put last and is not yet known to be durable, taken up at once; null where nothing was
  /// put. Throws AuditError once nothing is taken.
  std::shared_ptr<Batch> last();

  /// Of the writer: what to commit now; while the disk is full once a second, be it nothing. Null
  /// once the queue is closed and all is committed, or was tried for the last time.
  std::shared_ptr<Batch> next();
  /// Of the writer: what next() gave is durable.
  void committed();
  /// Of the writer, when it ends early: what is still there. Nothing waits in the queue after it.
  std::shared_ptr<Batch> take_rest();

  /// What is put after that is refused, and so are those who wait to put it. `last` goes behind
  /// what is queued. False where it was broken before: the first reason is the one that counts.
  bool break_down(std::string reason, std::vector<Draft> last);
  /// Of the writer: what recipients put is refused from now on. Unless it is broken.
  void save(std::string reason);
  /// Of the writer, where `batch` found no room: who waits for it or for what is queued is refused,
  /// the rest is kept for the next try. Unless it is broken.
  void fill_up(Batch& batch, std::string reason);
  /// Of the writer: everything is taken again. Unless it is broken.
  void recover();

  Condition condition() const;
  /// Why not everything is taken; empty while it is.
  std::string reason() const;
  /// What is kept and was not written, and what was too much to be kept.
  std::size_t unwritten() const;

  /// The writer commits what is there, and then next() ends.
  void close();
  /// Nobody will ever commit what is here.
  void fail();

 private:
  void require_taken(Haste haste, Origin origin);
  bool has_room() const;
  void wait_for_drafts(core::MutexLock& lock);
  void hurry();
  template <class Duration>
  void wait_for_callers(core::MutexLock& lock, Duration limit, int count);

  mutable core::Mutex mutex_;
  core::Condition queued_;
  core::Condition taken_;
  // Guarded by mutex_.
  std::shared_ptr<Batch> queue_ = std::make_shared<Batch>();
  std::shared_ptr<Batch> in_flight_;
  Condition condition_ = Condition::sound;
  std::string reason_;
  std::size_t dropped_ = 0;
  int callers_ = 0;          ///< who wait for what is queued
  int company_ = 1;          ///< how many are worth waiting for
  bool overlapped_ = false;  ///< callers come while others wait
  bool hurried_ = false;     ///< no company is waited for
  bool writing_ = false;
  bool idle_ = false;  ///< the writer sleeps until somebody tells it
  bool closed_ = false;
  bool tried_last_ = false;
};

}  // namespace sekisho::audit
