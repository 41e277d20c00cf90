// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "audit/error.h"

namespace sekisho::audit {
namespace {

/// Entries that may wait for one commit; callers wait while there are more.
constexpr std::size_t kMaxQueued = 1024;
/// Entries that nobody waits for and that are kept while the disk is full: outcomes of what was
/// under way then. About 1 KB each.
constexpr std::size_t kMaxKept = 16'384;
/// How long a full disk is left alone before the next try.
constexpr std::chrono::seconds kBetweenTries{1};
/// How long entries that nobody waits for may wait for one that somebody does: its transaction
/// takes them along, and no disk is made to write for them alone while there is traffic.
constexpr std::chrono::milliseconds kPatience{50};

/// Where callers overlap, how long the first of a transaction waits for one more than the last
/// transaction had. Signing and syncing take the processor as long as all else of an entry: with
/// eight callers that are busy in between, each would pay for itself alone.
constexpr std::chrono::microseconds kCompanyWait{400};
/// Nobody waits for more than that: the cost is shared well enough.
constexpr int kLargestCompany = 8;

/// So many entries are worth a transaction of their own: the writer begins with them while whoever
/// puts them still makes the rest.
constexpr std::size_t kWorthATransaction = 256;

/// Those that nobody waits for go behind what is in `to`.
void move_kept(Batch& from, Batch& to) {
  auto awaited = from.awaited.begin();
  for (std::size_t i = 0; i < from.drafts.size(); ++i) {
    while (awaited != from.awaited.end() && awaited->first + awaited->count <= i) ++awaited;
    const bool is_awaited = awaited != from.awaited.end() && awaited->first <= i;
    if (!is_awaited) to.drafts.push_back(std::move(from.drafts[i]));
  }
}

}  // namespace

bool Batch::wait() const {
  ended_.wait();
  return state_ == State::durable;
}

void Batch::succeed(std::uint64_t first_seq, std::vector<core::Sha256> leaves) {
  first_seq_ = first_seq;
  leaves_ = std::move(leaves);
  end(State::durable);
}

void Batch::fail() { end(State::failed); }

void Batch::end(State state) {
  State open = State::open;
  if (state_.compare_exchange_strong(open, state)) ended_.open();
}

CommitQueue::Place CommitQueue::put(std::vector<Draft> drafts, Haste haste, Origin origin) {
  Place place;
  bool tell = false;
  {
    core::MutexLock lock(mutex_);
    if (!has_room()) hurry();
    taken_.wait(lock, [this] { return has_room(); });
    require_taken(haste, origin);
    place = {queue_, queue_->drafts.size()};
    tell = idle_ && queue_->drafts.empty();  // patience begins with the first
    if (haste == Haste::awaited) {
      ++callers_;
      overlapped_ |= writing_;
      tell |= callers_ == 1 || callers_ == company_;
      queue_->awaited.push_back({place.index, drafts.size()});
    }
    std::ranges::move(drafts, std::back_inserter(queue_->drafts));
    if (haste == Haste::soon && queue_->drafts.size() >= kWorthATransaction) hurry();
  }
  if (tell) queued_.notify_one();
  return place;
}

std::shared_ptr<Batch> CommitQueue::last() {
  const core::MutexLock lock(mutex_);
  require_taken(Haste::awaited, Origin::house);
  if (queue_->drafts.empty()) return in_flight_;
  hurry();
  return queue_;
}

std::shared_ptr<Batch> CommitQueue::next() {
  auto empty = std::make_shared<Batch>();
  std::shared_ptr<Batch> batch;
  {
    core::MutexLock lock(mutex_);
    if (condition_ == Condition::full) {
      queued_.wait_for(lock, kBetweenTries, [this] { return closed_; });
      if (closed_ && std::exchange(tried_last_, true)) return nullptr;
    } else {
      wait_for_drafts(lock);
      if (queue_->drafts.empty() && (closed_ || condition_ != Condition::saving)) return nullptr;
    }
    hurried_ = false;
    overlapped_ = callers_ > 1;
    company_ = std::min(std::exchange(callers_, 0) + 1, kLargestCompany);
    writing_ = true;
    batch = in_flight_ = std::exchange(queue_, std::move(empty));
  }
  taken_.notify_all();
  return batch;
}

void CommitQueue::wait_for_drafts(core::MutexLock& lock) {
  // After a commit first with patience: while there is traffic, outcomes wake nobody.
  wait_for_callers(lock, kPatience, 1);
  if (queue_->drafts.empty()) {
    const auto something = [this] { return closed_ || !queue_->drafts.empty(); };
    idle_ = true;
    if (condition_ == Condition::saving) {
      queued_.wait_for(lock, kBetweenTries, something);
    } else {
      queued_.wait(lock, something);
    }
    idle_ = false;
    wait_for_callers(lock, kPatience, 1);
  }
  if (callers_ > 0 && overlapped_) wait_for_callers(lock, kCompanyWait, company_);
}

template <class Duration>
void CommitQueue::wait_for_callers(core::MutexLock& lock, Duration limit, int count) {
  queued_.wait_for(lock, limit, [&] { return closed_ || hurried_ || callers_ >= count; });
}

void CommitQueue::committed() {
  const core::MutexLock lock(mutex_);
  writing_ = false;
}

std::shared_ptr<Batch> CommitQueue::take_rest() {
  const core::MutexLock lock(mutex_);
  return in_flight_ = std::exchange(queue_, std::make_shared<Batch>());
}

bool CommitQueue::break_down(std::string reason, std::vector<Draft> last) {
  {
    const core::MutexLock lock(mutex_);
    if (condition_ == Condition::broken) return false;
    condition_ = Condition::broken;
    reason_ = std::move(reason);
    if (!last.empty()) {
      std::ranges::move(last, std::back_inserter(queue_->drafts));
      hurry();
    }
  }
  taken_.notify_all();
  return true;
}

void CommitQueue::save(std::string reason) {
  const core::MutexLock lock(mutex_);
  if (condition_ == Condition::broken) return;
  condition_ = Condition::saving;
  reason_ = std::move(reason);
}

void CommitQueue::fill_up(Batch& batch, std::string reason) {
  auto kept = std::make_shared<Batch>();
  std::shared_ptr<Batch> queued;
  {
    const core::MutexLock lock(mutex_);
    if (batch.is_open()) move_kept(batch, *kept);
    move_kept(*queue_, *kept);
    queued = std::exchange(queue_, std::move(kept));
    callers_ = 0;
    writing_ = false;
    if (condition_ != Condition::broken) {
      condition_ = Condition::full;
      reason_ = std::move(reason);
    }
  }
  batch.fail();
  queued->fail();
  taken_.notify_all();
}

void CommitQueue::recover() {
  const core::MutexLock lock(mutex_);
  if (condition_ == Condition::broken) return;
  condition_ = Condition::sound;
  reason_.clear();
}

Condition CommitQueue::condition() const {
  const core::MutexLock lock(mutex_);
  return condition_;
}

std::string CommitQueue::reason() const {
  const core::MutexLock lock(mutex_);
  return reason_;
}

std::size_t CommitQueue::unwritten() const {
  const core::MutexLock lock(mutex_);
  return queue_->drafts.size() + dropped_;
}

void CommitQueue::close() {
  {
    const core::MutexLock lock(mutex_);
    closed_ = true;
  }
  queued_.notify_one();
}

void CommitQueue::fail() {
  const core::MutexLock lock(mutex_);
  if (in_flight_) in_flight_->fail();
  queue_->fail();  // nothing joins it any more
}

/// Nobody waits for a full disk. With mutex_ held.
bool CommitQueue::has_room() const {
  return queue_->drafts.size() < kMaxQueued || condition_ == Condition::full ||
         condition_ == Condition::broken;
}

/// With mutex_ held.
void CommitQueue::require_taken(Haste haste, Origin origin) {
  switch (condition_) {
    case Condition::sound:
      return;
    case Condition::saving:
      if (haste == Haste::later || origin == Origin::house) return;
      break;
    case Condition::full:
      if (haste == Haste::later && queue_->drafts.size() < kMaxKept) return;
      if (haste == Haste::later) ++dropped_;
      break;
    case Condition::broken:
      break;
  }
  throw AuditError(reason_);
}

/// The writer does not wait for company any more. With mutex_ held.
void CommitQueue::hurry() {
  hurried_ = true;
  queued_.notify_one();
}

}  // namespace sekisho::audit
