// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_budget.h"

#include <algorithm>

namespace sekisho::core {

MemoryBudget::Taken::~Taken() {
  if (budget_ != nullptr) budget_->give_back(bytes_);
}

void MemoryBudget::Taken::shrink(std::uint64_t bytes) {
  if (bytes >= bytes_) return;
  budget_->give_back(bytes_ - bytes);
  bytes_ = bytes;
}

MemoryBudget::Taken MemoryBudget::take(std::uint64_t bytes) {
  bytes = std::min(bytes, limit_bytes_);
  std::unique_lock lock(mutex_);
  const auto place = waiting_.insert(waiting_.end(), bytes);
  const bool has_come = changed_.wait_for(lock, patience_, [&] {
    return place == waiting_.begin() && bytes <= limit_bytes_ - taken_bytes_;
  });
  waiting_.erase(place);
  if (has_come) taken_bytes_ += bytes;
  changed_.notify_all();  // the next in line may have come as well
  if (!has_come) throw MemoryShortage("other requests use the memory that this one needs");
  return {*this, bytes};
}

std::uint64_t MemoryBudget::taken_bytes() const {
  const std::lock_guard lock(mutex_);
  return taken_bytes_;
}

void MemoryBudget::give_back(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    taken_bytes_ -= bytes;
  }
  changed_.notify_all();
}

}  // namespace sekisho::core
