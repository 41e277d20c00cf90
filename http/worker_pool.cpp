// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/worker_pool.h"

#include <algorithm>
#include <stop_token>
#include <utility>

#include "http/attempt.h"

namespace sekisho::http {

WorkerPool::WorkerPool(std::size_t waiting_limit, core::Log report)
    : waiting_limit_(waiting_limit), report_(std::move(report)) {}

// Delegates, so that the destructor ends the threads that started when one more cannot be had.
WorkerPool::WorkerPool(int workers, int waiting_limit, core::Log report)
    : WorkerPool(static_cast<std::size_t>(waiting_limit), std::move(report)) {
  free_ = workers;
  threads_.reserve(static_cast<std::size_t>(workers));
  for (int i = 0; i < workers; ++i) {
    threads_.emplace_back("sekisho-work", [this](const std::stop_token&) { run(); });
  }
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::offer(const std::string& account, Job job) {
  const core::MutexLock lock(mutex_);
  std::deque<Job>& waiting = this->account(account).waiting;
  if (waiting.size() >= waiting_limit_) return false;
  waiting.push_back(std::move(job));
  ++jobs_;
  wake_one();
  return true;
}

void WorkerPool::post(const std::string& account, Job job) {
  const core::MutexLock lock(mutex_);
  this->account(account).running.push_back(std::move(job));
  ++jobs_;
  wake_one();
}

bool WorkerPool::nobody_waits() {
  const core::MutexLock lock(mutex_);
  return jobs_ == 0;
}

void WorkerPool::stop() {
  {
    const core::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

WorkerPool::Account& WorkerPool::account(const std::string& name) {
  const auto known = accounts_.find(name);
  if (known != accounts_.end()) return *known->second;
  const auto fresh = line_.insert(line_.end(), Account{name, {}, {}});
  accounts_.emplace(name, fresh);
  return *fresh;
}

/// Both in turns: downloads that are fast enough to go on all the time must not keep the account's
/// own searches out.
WorkerPool::Job WorkerPool::Account::take_job() {
  const bool begin_anew = running.empty() || (last_went_on && !waiting.empty());
  last_went_on = !begin_anew;
  std::deque<Job>& lane = begin_anew ? waiting : running;
  Job job = std::move(lane.front());
  lane.pop_front();
  return job;
}

/// Of a free worker. Nobody's where none of those with jobs may have one more.
WorkerPool::Line::iterator WorkerPool::whose_turn() {
  constexpr int kHeldToEachLeft = 3;
  const int most = kHeldToEachLeft * (free_ - 1);
  return std::ranges::find_if(line_, [&](const Account& each) {
    return each.has_jobs() && (stopping_ || each.workers <= most);
  });
}

void WorkerPool::wake_one() {
  if (free_ > 0 && whose_turn() != line_.end()) changed_.notify_one();
}

/// `nullopt` once the pool stops and nothing is left to do.
std::optional<WorkerPool::Turn> WorkerPool::await_turn() {
  core::MutexLock lock(mutex_);
  auto next = line_.end();
  changed_.wait(lock, [&] {
    next = whose_turn();
    return next != line_.end() || stopping_;
  });
  if (next == line_.end()) return std::nullopt;
  line_.splice(line_.end(), line_, next);
  Turn turn{next, next->take_job()};
  ++next->workers;
  --jobs_;
  --free_;
  wake_one();  // whose turn ended may have let in more than one
  return turn;
}

void WorkerPool::end_turn(Line::iterator account) {
  const core::MutexLock lock(mutex_);
  ++free_;
  --account->workers;
  if (account->workers > 0 || account->has_jobs()) return;
  accounts_.erase(account->name);
  line_.erase(account);
}

void WorkerPool::run() {
  while (std::optional<Turn> turn = await_turn()) {
    if (attempt(turn->job) != Trouble::none) {
      attempt([this] { report_(core::Severity::error, "gateway: a step failed"); });
    }
    turn->job = nullptr;  // what it holds goes first, and without the lock
    end_turn(turn->account);
  }
}

}  // namespace sekisho::http
