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
/// How long entries that nobody waits for may wait for one that somebody does: its transaction
/// takes them along, and no disk is made to write for them alone while there is traffic.
constexpr std::chrono::milliseconds kPatience{50};

/// Where callers overlap, how long the first of a transaction waits for one more than the last
/// transaction had. Signing and syncing take the processor as long as all else of an entry: with
/// eight callers that are busy in between, each would pay for itself alone.
constexpr std::chrono::microseconds kCompanyWait{400};
/// Nobody waits for more than that: the cost is shared well enough.
constexpr int kLargestCompany = 8;

}  // namespace

bool Batch::wait() const {
  state_.wait(State::open);
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
  if (state_.compare_exchange_strong(open, state)) state_.notify_all();
}

CommitQueue::Place CommitQueue::put(std::vector<Draft> drafts, Haste haste) {
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
    std::ranges::move(drafts, std::back_inserter(queue_->drafts));
  }
  if (tell) queued_.notify_one();
  return place;
}

std::shared_ptr<Batch> CommitQueue::last() {
  const std::lock_guard lock(mutex_);
  require_sound();
  if (queue_->drafts.empty()) return in_flight_;
  hurry();
  return queue_;
}

std::shared_ptr<Batch> CommitQueue::next() {
  auto empty = std::make_shared<Batch>();
  std::shared_ptr<Batch> batch;
  {
    std::unique_lock lock(mutex_);
    // After a commit first with patience: while there is traffic, outcomes wake nobody.
    wait_for_callers(lock, kPatience, 1);
    if (queue_->drafts.empty()) {
      idle_ = true;
      queued_.wait(lock, [this] { return closed_ || !queue_->drafts.empty(); });
      idle_ = false;
      wait_for_callers(lock, kPatience, 1);
    }
    if (callers_ > 0 && overlapped_) wait_for_callers(lock, kCompanyWait, company_);
    if (queue_->drafts.empty()) return nullptr;
    overlapped_ = callers_ > 1;
    company_ = std::min(std::exchange(callers_, 0) + 1, kLargestCompany);
    writing_ = true;
    batch = in_flight_ = std::exchange(queue_, std::move(empty));
  }
  taken_.notify_all();
  return batch;
}

template <class Duration>
void CommitQueue::wait_for_callers(std::unique_lock<std::mutex>& lock, Duration limit, int count) {
  queued_.wait_for(lock, limit, [&] { return closed_ || callers_ >= count; });
}

void CommitQueue::committed() {
  const std::lock_guard lock(mutex_);
  writing_ = false;
}

std::shared_ptr<Batch> CommitQueue::take_rest() {
  const std::lock_guard lock(mutex_);
  return in_flight_ = std::exchange(queue_, std::make_shared<Batch>());
}

bool CommitQueue::break_down(std::string reason, std::vector<Draft> last) {
  {
    const std::lock_guard lock(mutex_);
    if (!broken_.empty()) return false;
    broken_ = std::move(reason);
    if (!last.empty()) {
      std::ranges::move(last, std::back_inserter(queue_->drafts));
      hurry();
    }
  }
  taken_.notify_all();
  return true;
}

std::string CommitQueue::broken() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}

void CommitQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  queued_.notify_one();
}

void CommitQueue::fail() {
  const std::lock_guard lock(mutex_);
  if (in_flight_) in_flight_->fail();
  queue_->fail();  // nothing joins it any more
}

/// With mutex_ held.
void CommitQueue::require_sound() const {
  if (!broken_.empty()) throw AuditError(broken_);
}

/// The writer does not wait for company any more. With mutex_ held.
void CommitQueue::hurry() {
  callers_ = std::max(callers_, company_);
  queued_.notify_one();
}

}  // namespace sekisho::audit
