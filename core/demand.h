// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <stop_token>
#include <utility>

namespace sekisho::core {

/// Work was given up half-way: nobody wants it any more.
class DemandOver : public std::exception {
 public:
  const char* what() const noexcept override { return "the work is not wanted any more"; }
};

/// That somebody wants what is being worked at: whoever asked for it is there, and may still have
/// it. Work that can take longer than 100 ms asks between its steps. One made of nothing never
/// ends. Any thread may ask.
class Demand {
 public:
  /// Says whether what was asked for may still be given. Cheap; any thread.
  using Holds = std::function<bool()>;

  Demand() = default;
  explicit Demand(std::stop_token stop, Holds holds = {})
      : stop_(std::move(stop)), holds_(std::move(holds)) {}

  bool is_over() const { return stop_.stop_requested() || (holds_ && !holds_()); }
  /// Throws DemandOver.
  void ask() const {
    if (is_over()) throw DemandOver();
  }

 private:
  std::stop_token stop_;
  Holds holds_;
};

/// How often who waits for something else (memory, somebody's work) asks meanwhile.
inline constexpr std::chrono::milliseconds kAskWhileWaiting{100};

/// Asks once in a thousand steps or so, for loops over elements, which take less than it takes to
/// ask. One thread.
class DemandSteps {
 public:
  /// `demand` outlives this.
  explicit DemandSteps(const Demand& demand) : demand_(demand) {}
  /// Throws DemandOver.
  void step() {
    if (++steps_ % kStepsToAQuestion == 0) demand_.ask();
  }

 private:
  static constexpr std::size_t kStepsToAQuestion = 1024;
  const Demand& demand_;
  std::size_t steps_ = 0;
};

}  // namespace sekisho::core
