// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "audit/advance.h"
#include "core/steady_clock.h"

namespace sekisho::audit {

/// Tells whoever sits before a terminal how far a command is that takes longer than two seconds: a
/// line on standard error that is written over and is gone in the end. Nothing in a pipe or a file.
/// One thread.
class Progress {
 public:
  using Clock = std::function<core::SteadyClock::time_point()>;
  explicit Progress(int terminal = STDERR_FILENO, Clock clock = core::SteadyClock::now);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::string_view part, std::uint64_t done, std::uint64_t total);
  /// The same for whoever does the work; this outlives it.
  Advance advance();

 private:
  void show(std::uint64_t done, std::uint64_t total);
  void put(std::string_view text) const;

  const int terminal_;  ///< -1: there is none
  const Clock clock_;
  core::SteadyClock::time_point next_;
  core::SteadyClock::time_point part_begin_;
  std::string part_;
  bool is_shown_ = false;
};

/// For a command that prints while it works: on a terminal what it prints tells how far it is.
int terminal_unless_output_is_one();

}  // namespace sekisho::audit
