// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "anonymization/pixels/withhold_reason.h"
#include "core/recently_used.h"
#include "imaging/pixel_plan.h"

namespace sekisho::anonymization {

/// What was found in the pixels of files, by their revision, so that none is read through again
/// only to learn what of it may leave (docs/adr/0025-what-pixels-hold-is-looked-at-once.md). The
/// last used within a limit of memory; forgotten by a restart. Any thread.
class KnownPixels {
 public:
  /// How they leave, or why they do not.
  using Found = std::variant<std::shared_ptr<const imaging::PixelPlan>, WithholdReason>;

  explicit KnownPixels(std::uint64_t limit_bytes)
      : found_(limit_bytes - limit_bytes / kDecodableShare),
        decodable_(limit_bytes / kDecodableShare) {}

  /// `revision` names the very bytes (ListedInstance). `nullopt`: nobody has looked.
  std::optional<Found> find(std::string_view revision) const { return found_.find(revision); }
  /// Instead of what was found before.
  void keep(std::string_view revision, Found found) const;

  /// Whether somebody has decoded every frame of these bytes.
  bool are_all_decodable(std::string_view revision) const {
    return decodable_.find(revision).has_value();
  }
  void keep_all_decodable(std::string_view revision) const;

  /// Of one file; without `all` nothing is known and nothing kept. What it refers to outlives it.
  struct OfFile {
    const KnownPixels* all = nullptr;
    std::string_view revision;

    bool are_all_decodable() const { return all != nullptr && all->are_all_decodable(revision); }
    void keep_all_decodable() const {
      if (all != nullptr) all->keep_all_decodable(revision);
    }
  };

 private:
  /// One part of so many of the memory.
  static constexpr std::uint64_t kDecodableShare = 16;

  mutable core::RecentlyUsed<Found> found_;
  mutable core::RecentlyUsed<std::monostate> decodable_;
};

}  // namespace sekisho::anonymization
