// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_budget.h"

#include <algorithm>

#include "core/steady_clock.h"

namespace sekisho::core {

/// A place in the line, until this goes.
class MemoryBudget::Place {
 public:
  /// Of somebody who has `has` and shall have `wanted`.
  Place(MemoryBudget& budget, std::uint64_t has, std::uint64_t wanted)
      : budget_(budget), has_(has), wanted_(wanted) {
    const MutexLock lock(budget_.mutex_);
    place_ = budget_.waiting_.insert(budget_.waiting_.end(), wanted);
  }
  ~Place() {
    {
      const MutexLock lock(budget_.mutex_);
      budget_.waiting_.erase(place_);
    }
    budget_.changed_.notify_all();  // the next in line may have come as well
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// True once it has come: then the bytes are taken.
  bool comes_until(SteadyClock::time_point deadline) {
    MutexLock lock(budget_.mutex_);
    const bool has_come = budget_.changed_.wait_until(lock, deadline, [&] {
      const std::uint64_t of_others = budget_.taken_bytes_ - has_;
      return place_ == budget_.waiting_.begin() && wanted_ <= budget_.limit_bytes_ - of_others;
    });
    if (has_come) budget_.taken_bytes_ += wanted_ - has_;
    return has_come;
  }

 private:
  MemoryBudget& budget_;
  const std::uint64_t has_;
  const std::uint64_t wanted_;
  std::list<std::uint64_t>::iterator place_;
};

MemoryBudget::Taken::~Taken() {
  if (budget_ != nullptr) budget_->give_back(bytes_);
}

void MemoryBudget::Taken::grow(std::uint64_t bytes, const Demand& demand) {
  if (budget_ != nullptr && bytes > bytes_) bytes_ = budget_->take_more(bytes_, bytes, demand);
}

void MemoryBudget::Taken::shrink(std::uint64_t bytes) {
  if (bytes >= bytes_) return;
  budget_->give_back(bytes_ - bytes);
  bytes_ = bytes;
}

MemoryBudget::Taken MemoryBudget::take(std::uint64_t bytes, const Demand& demand) {
  Taken taken(*this, 0);
  taken.grow(bytes, demand);
  return taken;
}

std::uint64_t MemoryBudget::take_more(std::uint64_t has, std::uint64_t wanted,
                                      const Demand& demand) {
  wanted = std::min(wanted, limit_bytes_);
  if (wanted <= has) return has;
  const auto deadline = SteadyClock::now() + patience_;
  Place place(*this, has, wanted);
  while (!place.comes_until(std::min(deadline, SteadyClock::now() + kAskWhileWaiting))) {
    demand.ask();
    if (SteadyClock::now() >= deadline) {
      throw MemoryShortage("other requests use the memory that this one needs");
    }
  }
  return wanted;
}

std::uint64_t MemoryBudget::taken_bytes() const {
  const MutexLock lock(mutex_);
  return taken_bytes_;
}

void MemoryBudget::give_back(std::uint64_t bytes) {
  {
    const MutexLock lock(mutex_);
    taken_bytes_ -= bytes;
  }
  changed_.notify_all();
}

}  // namespace sekisho::core
