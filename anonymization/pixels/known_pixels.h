// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "anonymization/pixels/withhold_reason.h"
#include "core/recently_used.h"
#include "core/stored_file.h"
#include "imaging/pixel_plan.h"

namespace sekisho::anonymization {

/// What was found in the pixels of files, by what tells these from all others
/// (core::StoredFile::identity): none is read through again
/// only to learn what of it may leave (docs/adr/0025-what-pixels-hold-is-looked-at-once.md). The
/// last used within a limit of memory; forgotten by a restart. Any thread.
class KnownPixels {
 public:
  /// How they leave, or why they do not.
  using Found = std::variant<std::shared_ptr<const imaging::PixelPlan>, WithholdReason>;

  explicit KnownPixels(std::uint64_t limit_bytes)
      : found_(limit_bytes - limit_bytes / kDecodableShare),
        decodable_(limit_bytes / kDecodableShare) {}

  /// `nullopt`: nobody has looked.
  std::optional<Found> find(std::string_view identity) const { return found_.find(identity); }
  /// Instead of what was found before.
  void keep(std::string_view identity, Found found) const;

  /// Whether somebody has decoded every frame of these bytes.
  bool are_all_decodable(std::string_view identity) const {
    return decodable_.find(identity).has_value();
  }
  void keep_all_decodable(std::string_view identity) const;

  /// Of one file; without `all` nothing is known and nothing kept. `all` outlives it.
  struct OfFile {
    const KnownPixels* all = nullptr;
    std::string identity{};

    bool are_all_decodable() const { return all != nullptr && all->are_all_decodable(identity); }
    void keep_all_decodable() const {
      if (all != nullptr) all->keep_all_decodable(identity);
    }
  };
  /// `all` may be null. A listing's revision would not do: the archive may have replaced the file
  /// since it was listed, and what was found in one must not be taken for the other's.
  static OfFile of_file(const KnownPixels* all, const core::StoredFile& file);

 private:
  /// One part of so many of the memory.
  static constexpr std::uint64_t kDecodableShare = 16;

  mutable core::RecentlyUsed<Found> found_;
  mutable core::RecentlyUsed<std::monostate> decodable_;
};

}  // namespace sekisho::anonymization
