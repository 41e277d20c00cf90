// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace sekisho::http {

/// Counts who is inside: connections in all and from each address. Any thread. Outlives its
/// tickets.
class Admission {
 public:
  /// One place inside, given back when destroyed.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Admission& admission, std::string address)
        : admission_(&admission), address_(std::move(address)) {}
    ~Ticket() {
      if (admission_ != nullptr) admission_->leave(address_);
    }
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          address_(std::move(other.address_)) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(address_, other.address_);
      return *this;
    }

   private:
    Admission* admission_ = nullptr;
    std::string address_;
  };

  Admission(int limit, int limit_per_address)
      : limit_(limit), limit_per_address_(limit_per_address) {}
  /// `nullopt` when it is full or this address has enough. An empty address counts in all only.
  std::optional<Ticket> enter(const std::string& address);
  int inside() const;
  /// Waits until nobody is inside; false when `patience` is over before.
  bool wait_until_empty(std::chrono::milliseconds patience);
  void wait_until_empty();

 private:
  void leave(const std::string& address);

  const int limit_;
  const int limit_per_address_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  // Guarded by mutex_.
  int inside_ = 0;
  std::unordered_map<std::string, int> per_address_;
};

}  // namespace sekisho::http
