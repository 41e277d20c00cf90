// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/log.h"
#include "core/mutex.h"
#include "core/thread.h"

namespace sekisho::http {

/// Threads for whatever blocks, and whose turn it is (docs/adr/0017-turns-go-by-account.md). All
/// work is on somebody's account, and a free worker is for the account whose last turn is longest
/// ago. But nobody gets one more who holds more than three times as many as would be left free:
/// alone, an account has three quarters, and the last free worker is for somebody who holds none.
/// Any thread may call any method but stop().
class WorkerPool {
 public:
  using Job = std::function<void()>;
  /// The account of what takes a moment and is nobody's wish.
  static constexpr const char* kHouse = "";

  /// `waiting_limit` is how many new requests of one account may wait.
  WorkerPool(int workers, int waiting_limit, core::Log report);
  /// Stops.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// A new request. False when too many of the account wait already: then it was not taken.
  bool offer(const std::string& account, Job job);
  /// The next step of something that runs. Takes turns with the account's new requests.
  void post(const std::string& account, Job job);
  /// Whether what is posted now would come before anything else.
  bool nobody_waits();
  /// Runs all that was taken, then ends the threads. For one thread, which is none of the pool.
  void stop();

 private:
  struct Account {
    std::string name;
    std::deque<Job> running;
    std::deque<Job> waiting;
    int workers = 0;  ///< that it holds
    bool last_went_on = false;

    bool has_jobs() const { return !running.empty() || !waiting.empty(); }
    Job take_job();
  };
  using Line = std::list<Account>;
  struct Turn {
    Line::iterator account;
    Job job;
  };

  WorkerPool(std::size_t waiting_limit, core::Log report);
  void run();
  std::optional<Turn> await_turn();
  void end_turn(Line::iterator account);
  // With mutex_ held.
  Account& account(const std::string& name);
  Line::iterator whose_turn();
  void wake_one();

  const std::size_t waiting_limit_;
  const core::Log report_;
  core::Mutex mutex_;
  core::Condition changed_;
  // Guarded by mutex_.
  Line line_;  ///< who has jobs or workers; who had a turn goes to its end
  std::unordered_map<std::string, Line::iterator> accounts_;
  std::size_t jobs_ = 0;  ///< that wait
  int free_ = 0;          ///< workers
  bool stopping_ = false;
  // Owned by the thread that constructs and stops.
  std::vector<core::Thread> threads_;
};

}  // namespace sekisho::http
