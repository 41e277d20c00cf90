// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/recently_used.h"
#include "sharing/share.h"

namespace sekisho::disclosure {

/// Texts that answers made of masked instances, for answers that would make the same. They leave by
/// Disclosure alone, like what they were made of. The last used within a limit of memory; forgotten
/// by a restart. Any thread.
class MadeTexts {
 public:
  using Text = std::shared_ptr<const std::string>;

  explicit MadeTexts(std::uint64_t limit_bytes)
      : longest_(limit_bytes / kLeastTexts), texts_(limit_bytes) {}
  /// `name` is ShareView::name_of() and what else decides. Null where it is not held.
  Text find(std::string_view name) { return texts_.find(name).value_or(nullptr); }
  /// One that would take the place of many is not held.
  void keep(std::string name, Text text);
  void drop(const sharing::ShareId& share) { texts_.drop(share.text()); }

 private:
  static constexpr std::uint64_t kLeastTexts = 32;

  const std::uint64_t longest_;
  core::RecentlyUsed<Text> texts_;
};

}  // namespace sekisho::disclosure
