// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/thread.h"

#include <pthread.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <utility>

namespace sekisho::core {
namespace {

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Thread::Thread(const char* name, Job job)
    : thread_([name, job = std::move(job)](const std::stop_token& stop) {
        block_signals();
        pthread_setname_np(pthread_self(), name);
        job(stop);
      }) {}

Thread::~Thread() { end(); }

Thread& Thread::operator=(Thread&& other) noexcept {
  end();
  thread_ = std::move(other.thread_);
  return *this;
}

void Thread::end() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void pause_for(std::chrono::nanoseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopping;
  std::unique_lock lock(mutex);
  stopping.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace sekisho::core
