// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mutex.h"

namespace sekisho::core {

MutexLock::MutexLock(Mutex& mutex) : lock_(mutex.mutex_) {}
MutexLock::~MutexLock() = default;

Condition::Condition() = default;
Condition::~Condition() = default;

void Condition::notify_one() noexcept { condition_.notify_one(); }
void Condition::notify_all() noexcept { condition_.notify_all(); }
void Condition::wait(MutexLock& lock) { condition_.wait(lock.lock_); }
void Condition::wait_until(MutexLock& lock, SteadyClock::time_point end) {
  condition_.wait_until(lock.lock_, end);
}

void Latch::open() {
  const MutexLock lock(mutex_);
  is_open_ = true;
  opened_.notify_all();  // under the lock: whoever waits may destroy this as soon as it is released
}

void Latch::wait() const {
  MutexLock lock(mutex_);
  while (!is_open_) opened_.wait(lock);
}

}  // namespace sekisho::core
