// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/admission.h"

namespace sekisho::http {

std::optional<Admission::Ticket> Admission::enter(const std::string& address) {
  std::lock_guard lock(mutex_);
  if (inside_ >= limit_) return std::nullopt;
  if (!address.empty()) {
    const auto found = per_address_.find(address);
    const int already = found == per_address_.end() ? 0 : found->second;
    if (already >= limit_per_address_) return std::nullopt;
    per_address_[address] = already + 1;
  }
  ++inside_;
  return Ticket(*this, address);
}

void Admission::leave(const std::string& address) {
  std::lock_guard lock(mutex_);
  const auto found = per_address_.find(address);
  if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
  // Under the lock: whoever waits may destroy this as soon as it is released.
  if (--inside_ == 0) empty_.notify_all();
}

int Admission::inside() const {
  std::lock_guard lock(mutex_);
  return inside_;
}

bool Admission::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, patience, [this] { return inside_ == 0; });
}

void Admission::wait_until_empty() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [this] { return inside_ == 0; });
}

}  // namespace sekisho::http
