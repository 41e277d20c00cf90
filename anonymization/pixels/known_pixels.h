// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "anonymization/pixels/withhold_reason.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "imaging/pixel_plan.h"

namespace sekisho::anonymization {

/// What was found in the pixels of files, by their revision, so that none is read through again
/// only to learn what of it may leave (docs/adr/0025-what-pixels-hold-is-looked-at-once.md). The
/// last used within a limit of memory; forgotten by a restart. Any thread.
class KnownPixels {
 public:
  /// How they leave, or why they do not.
  using Found = std::variant<std::shared_ptr<const imaging::PixelPlan>, WithholdReason>;

  explicit KnownPixels(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  KnownPixels(const KnownPixels&) = delete;
  KnownPixels& operator=(const KnownPixels&) = delete;

  /// `revision` names the very bytes (ListedInstance). `nullopt`: nobody has looked.
  std::optional<Found> find(std::string_view revision) const;
  void keep(std::string_view revision, Found found) const;

  /// Of one file; without `all` nothing is known and nothing kept. What it refers to outlives it.
  struct OfFile {
    const KnownPixels* all = nullptr;
    std::string_view revision;
  };

 private:
  struct Entry {
    std::string revision;
    Found found;
    std::uint64_t memory_bytes() const;
  };
  using Recent = std::list<Entry>;
  const std::uint64_t limit_bytes_;
  mutable core::Mutex mutex_;
  mutable Recent recent_ SEKISHO_GUARDED_BY(mutex_);  ///< last used first
  /// Keys view Entry::revision.
  mutable std::unordered_map<std::string_view, Recent::iterator> entries_
      SEKISHO_GUARDED_BY(mutex_);
  mutable std::uint64_t held_bytes_ SEKISHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace sekisho::anonymization
