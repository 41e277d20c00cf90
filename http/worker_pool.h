// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/log.h"

namespace sekisho::http {

/// Threads for whatever blocks. Any thread may call any method but stop().
class WorkerPool {
 public:
  using Job = std::function<void()>;

  /// `waiting_limit` is how many new requests may wait.
  WorkerPool(int threads, int waiting_limit, core::Log report);
  /// Stops.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// A new request. False when too many wait already: then it was not taken.
  bool offer(Job job);
  /// The next step of something that runs. Takes turns with new requests.
  void post(Job job);
  /// Whether what is posted now would come before anything else.
  bool nobody_waits();
  /// Runs all that was taken, then ends the threads. For one thread, which is none of the pool.
  void stop();

 private:
  WorkerPool(int waiting_limit, core::Log report);
  void run();
  std::deque<Job>& next_lane();

  const std::size_t waiting_limit_;
  const core::Log report_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::deque<Job> running_;
  std::deque<Job> waiting_;
  bool last_went_on_ = false;
  bool stopping_ = false;
  // Owned by the thread that constructs and stops.
  std::vector<std::thread> threads_;
};

/// Signals are the host's business: none is delivered to the calling thread any more, and writing
/// to a closed socket is an error instead of a SIGPIPE.
void block_signals();

}  // namespace sekisho::http
