// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/known_pixels.h"

namespace sekisho::anonymization {

std::uint64_t KnownPixels::Entry::memory_bytes() const {
  constexpr std::uint64_t kOverheadBytes = 200;  // of list, table and strings
  const auto* plan = std::get_if<std::shared_ptr<const imaging::PixelPlan>>(&found);
  return kOverheadBytes + revision.size() + (plan == nullptr ? 0 : (*plan)->memory_bytes());
}

std::optional<KnownPixels::Found> KnownPixels::find(std::string_view revision) const {
  const core::MutexLock lock(mutex_);
  const auto known = entries_.find(revision);
  if (known == entries_.end()) return std::nullopt;
  recent_.splice(recent_.begin(), recent_, known->second);
  return recent_.front().found;
}

void KnownPixels::keep(std::string_view revision, Found found) const {
  Entry entry{std::string(revision), std::move(found)};
  const core::MutexLock lock(mutex_);
  if (entries_.contains(revision)) return;
  held_bytes_ += entry.memory_bytes();
  recent_.push_front(std::move(entry));
  entries_.emplace(recent_.front().revision, recent_.begin());
  while (held_bytes_ > limit_bytes_) {
    held_bytes_ -= recent_.back().memory_bytes();
    entries_.erase(recent_.back().revision);
    recent_.pop_back();
  }
}

}  // namespace sekisho::anonymization
