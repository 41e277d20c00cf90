// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <stdexcept>
#include <utility>

#include "core/demand.h"
#include "core/mutex.h"

namespace sekisho::core {

/// There is no memory for what was asked for, and there was none for a while. Later there may be.
class MemoryShortage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What is smaller is not taken from a budget: there are only so many workers who have it.
inline constexpr std::uint64_t kUncountedBytes = 1 << 20;

/// The memory that all requests together may use for what they read: each takes of it what it is
/// about to need, or waits for others to give back. First come, first served. Any thread.
class MemoryBudget {
 public:
  /// Memory that was taken; given back when this ends. A movable value; one thread.
  class Taken {
   public:
    Taken() = default;
    Taken(Taken&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Taken& operator=(Taken&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Taken();
    std::uint64_t bytes() const { return bytes_; }
    /// Takes what `bytes` is more, as take() does: what this has already is in nobody's way, least
    /// of all in its own. Of no budget it takes nothing.
    void grow(std::uint64_t bytes, const Demand& demand = {});
    /// Gives back what is more than `bytes`.
    void shrink(std::uint64_t bytes);

   private:
    friend class MemoryBudget;
    Taken(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
    MemoryBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  /// `patience` is how long take() waits.
  MemoryBudget(std::uint64_t limit_bytes, std::chrono::milliseconds patience)
      : limit_bytes_(limit_bytes), patience_(patience) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// Outlived by this. Who asks for more than there is at all gets all of it, and so works alone.
  /// Throws MemoryShortage, and DemandOver while it waits.
  Taken take(std::uint64_t bytes, const Demand& demand = {});
  std::uint64_t taken_bytes() const;

 private:
  class Place;
  /// Returns how much who has `has` of it has then.
  std::uint64_t take_more(std::uint64_t has, std::uint64_t wanted, const Demand& demand);
  void give_back(std::uint64_t bytes);

  const std::uint64_t limit_bytes_;
  const std::chrono::milliseconds patience_;
  mutable Mutex mutex_;
  Condition changed_;
  // Guarded by mutex_.
  std::uint64_t taken_bytes_ = 0;
  std::list<std::uint64_t> waiting_;  ///< how much each shall have, in order
};

}  // namespace sekisho::core
