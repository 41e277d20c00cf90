// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/recently_used.h"
#include "core/stored_file.h"
#include "sharing/share.h"

namespace sekisho::disclosure {

/// What was masked of files that have much beside their pixels, as the functional groups of
/// thousands of frames: whoever takes one frame after another does not have all of them checked and
/// masked each time. The last used within a limit of memory, without the files; forgotten by a
/// restart. Any thread.
class KnownHeads {
 public:
  /// Checking and masking less than that takes less than a few milliseconds.
  static constexpr std::uint64_t kLeastBytes = 256 * 1024;

  explicit KnownHeads(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes), heads_(limit_bytes) {}

  /// False: what leaves of that file is never held.
  static bool may_hold(const core::StoredFile& file) {
    return file.descriptor() >= 0 && file.size_bytes() >= kLeastBytes;
  }
  /// What release() made of the file, which was opened anew; `name` is ShareView::name_of(). By the
  /// file itself besides: the archive may have another by now than the view knows of. `nullopt`: it
  /// is not held.
  std::optional<anonymization::Masked> find(std::string_view name,
                                            const core::StoredFile& file) const;
  /// Where it is large enough, and its pixels are those of a file on disk.
  void keep(std::string_view name, const anonymization::Masked& masked) const;
  void drop(const sharing::ShareId& share) const { heads_.drop(share.text()); }

 private:
  const std::uint64_t limit_bytes_;
  mutable core::RecentlyUsed<std::shared_ptr<const anonymization::Masked>> heads_;
};

}  // namespace sekisho::disclosure
