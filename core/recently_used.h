// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <iterator>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::core {

/// Values by name, the last used within a limit of memory. Any thread.
template <class Value>
class RecentlyUsed {
 public:
  explicit RecentlyUsed(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  RecentlyUsed(const RecentlyUsed&) = delete;
  RecentlyUsed& operator=(const RecentlyUsed&) = delete;

  std::optional<Value> find(std::string_view name) {
    const MutexLock lock(mutex_);
    const auto known = entries_.find(name);
    if (known == entries_.end()) return std::nullopt;
    recent_.splice(recent_.begin(), recent_, known->second);
    return recent_.front().value;
  }

  /// Lets go of all whose name begins so.
  void drop(std::string_view beginning) {
    const MutexLock lock(mutex_);
    for (auto entry = recent_.begin(); entry != recent_.end();) {
      const auto each = entry++;
      if (each->name.starts_with(beginning)) let_go_of(each);
    }
  }

  /// `bytes` is what the value takes of memory; one of the same name goes.
  void put(std::string name, Value value, std::uint64_t bytes) {
    const MutexLock lock(mutex_);
    const auto known = entries_.find(name);
    if (known != entries_.end()) let_go_of(known->second);
    held_bytes_ += bytes;
    recent_.push_front({std::move(name), std::move(value), bytes});
    entries_.emplace(recent_.front().name, recent_.begin());
    while (held_bytes_ > limit_bytes_) let_go_of(std::prev(recent_.end()));
  }

 private:
  struct Entry {
    std::string name;
    Value value;
    std::uint64_t bytes;
  };
  using Recent = std::list<Entry>;

  void let_go_of(typename Recent::iterator entry) SEKISHO_REQUIRES(mutex_) {
    held_bytes_ -= entry->bytes;
    entries_.erase(entry->name);
    recent_.erase(entry);
  }

  const std::uint64_t limit_bytes_;
  Mutex mutex_;
  Recent recent_ SEKISHO_GUARDED_BY(mutex_);  ///< last used first
  /// Keys view Entry::name.
  std::unordered_map<std::string_view, typename Recent::iterator> entries_
      SEKISHO_GUARDED_BY(mutex_);
  std::uint64_t held_bytes_ SEKISHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace sekisho::core
