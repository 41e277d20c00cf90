// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "core/thread_annotations.h"

namespace sekisho::core {

/// A std::mutex that -Wthread-safety knows: see core/thread_annotations.h.
class SEKISHO_CAPABILITY("mutex") Mutex {
 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex for as long as it lives. One thread.
class SEKISHO_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SEKISHO_ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() SEKISHO_RELEASE() {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  /// Lets go of the mutex until `condition` is notified, or without that: ask again what was waited
  /// for. It is held again on return.
  void wait(std::condition_variable& condition) { condition.wait(lock_); }
  /// The same, for no longer than `most`.
  void wait_for(std::condition_variable& condition, std::chrono::milliseconds most) {
    condition.wait_for(lock_, most);
  }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace sekisho::core
