// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "core/steady_clock.h"
#include "core/thread_annotations.h"

namespace sekisho::core {

// All that threads wait for each other by. What stands in for mutex.cpp decides who goes on.

/// A std::mutex that -Wthread-safety knows: see core/thread_annotations.h.
class SEKISHO_CAPABILITY("mutex") Mutex {
 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex for as long as it lives. One thread.
class SEKISHO_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SEKISHO_ACQUIRE(mutex);
  ~MutexLock() SEKISHO_RELEASE();
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  friend class Condition;
  std::unique_lock<std::mutex> lock_;
};

/// By which those are woken who wait for what a mutex guards to become another. Any thread.
class Condition {
 public:
  Condition();
  ~Condition();
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  void notify_one() noexcept;
  void notify_all() noexcept;

  /// Lets go of the mutex until this is notified, or without that: ask again what was waited for.
  /// It is held again on return.
  void wait(MutexLock& lock);
  /// The same, and no longer than until `end`.
  void wait_until(MutexLock& lock, SteadyClock::time_point end);
  void wait_for(MutexLock& lock, std::chrono::nanoseconds most) {
    wait_until(lock, SteadyClock::now() + most);
  }

  /// Until it holds, which is asked with the mutex held.
  template <class Holds>
  void wait(MutexLock& lock, Holds holds) {
    while (!holds()) wait(lock);
  }
  /// False where it does not hold at the end.
  template <class Holds>
  bool wait_until(MutexLock& lock, SteadyClock::time_point end, Holds holds) {
    while (!holds()) {
      if (SteadyClock::now() >= end) return false;
      wait_until(lock, end);
    }
    return true;
  }
  template <class Holds>
  bool wait_for(MutexLock& lock, std::chrono::nanoseconds most, Holds holds) {
    return wait_until(lock, SteadyClock::now() + most, holds);
  }

 private:
  std::condition_variable condition_;
};

/// Something that happens once. Any thread.
class Latch {
 public:
  /// Lets everybody go on, now and later.
  void open();
  /// Until it is open. Then it may be destroyed.
  void wait() const;

 private:
  mutable Mutex mutex_;
  mutable Condition opened_;
  bool is_open_ SEKISHO_GUARDED_BY(mutex_) = false;
};

}  // namespace sekisho::core
