// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace sekisho::core {

// Nobody starts a thread but here, so that what stands in for thread.cpp decides what runs when.

/// A thread of ours, or none. Signals are the host's business: none is delivered to it, and writing
/// to a closed socket is an error in it instead of a SIGPIPE. A movable value of one thread.
class Thread {
 public:
  /// Ends by itself, or soon after it is asked to stop. What it throws ends the process.
  using Job = std::function<void(const std::stop_token& stop)>;

  Thread() = default;
  /// `name` is what tools that list threads show, of which Linux keeps 15 bytes. Throws
  /// std::system_error where no thread is to be had.
  Thread(const char* name, Job job);
  /// As end().
  ~Thread();
  Thread(Thread&&) noexcept = default;
  Thread& operator=(Thread&& other) noexcept;

  /// Asks the job to stop and waits for it. There is no thread from then on.
  void end();

 private:
  std::jthread thread_;
};

/// Waits for as long, or until `stop` is requested.
void pause_for(std::chrono::nanoseconds time, const std::stop_token& stop);

}  // namespace sekisho::core
