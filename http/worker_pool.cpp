// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/worker_pool.h"

#include <csignal>

#include "http/attempt.h"

namespace sekisho::http {

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

WorkerPool::WorkerPool(int waiting_limit, core::Log report)
    : waiting_limit_(static_cast<std::size_t>(waiting_limit)), report_(std::move(report)) {}

// Delegates, so that the destructor ends the threads that started when one more cannot be had.
WorkerPool::WorkerPool(int threads, int waiting_limit, core::Log report)
    : WorkerPool(waiting_limit, std::move(report)) {
  threads_.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::offer(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= waiting_limit_) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::post(Job job) {
  {
    std::lock_guard lock(mutex_);
    running_.push_back(std::move(job));
  }
  changed_.notify_one();
}

bool WorkerPool::nobody_waits() {
  std::lock_guard lock(mutex_);
  return running_.empty() && waiting_.empty();
}

void WorkerPool::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

/// Both in turns: a few clients that are fast enough to keep all threads busy must not keep the
/// others out.
std::deque<WorkerPool::Job>& WorkerPool::next_lane() {
  const bool begin_anew = running_.empty() || (last_went_on_ && !waiting_.empty());
  last_went_on_ = !begin_anew;
  return begin_anew ? waiting_ : running_;
}

void WorkerPool::run() {
  block_signals();
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !running_.empty() || !waiting_.empty(); });
      std::deque<Job>& lane = next_lane();
      if (lane.empty()) return;
      job = std::move(lane.front());
      lane.pop_front();
    }
    if (attempt(job) != Trouble::none) {
      attempt([this] { report_(core::Severity::error, "gateway: a step failed"); });
    }
  }
}

}  // namespace sekisho::http
