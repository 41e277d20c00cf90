// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::anonymization {

/// Answers that were computed lately, of constant size: a newer one takes the place of an older one
/// with the same hash. A default key is no key. Any thread.
template <class Key, class Value>
class RecentNames {
 public:
  std::optional<Value> find(const Key& key) const {
    const core::MutexLock lock(mutex_);
    const Slot& slot = slots_[place_of(key)];
    return slot.key == key ? std::optional<Value>(slot.value) : std::nullopt;
  }

  void put(const Key& key, const Value& value) {
    const core::MutexLock lock(mutex_);
    slots_[place_of(key)] = {key, value};
  }

 private:
  /// A study shows a dozen UIDs in each of its instances, and one more that is its own.
  static constexpr std::size_t kSlots = 128;
  struct Slot {
    Key key;
    Value value;
  };
  static std::size_t place_of(const Key& key) { return std::hash<Key>{}(key) % kSlots; }

  mutable core::Mutex mutex_;
  std::array<Slot, kSlots> slots_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::anonymization
