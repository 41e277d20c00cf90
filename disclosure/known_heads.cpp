// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/known_heads.h"

#include <utility>

namespace sekisho::disclosure {

using anonymization::Masked;

namespace {

/// Begins with the share, as RecentlyUsed::drop() wants it.
std::string entry_name(std::string_view name, const core::StoredFile& file) {
  const core::Sha256 identity = file.identity();
  return std::string(name).append(identity.begin(), identity.end());
}

}  // namespace

std::optional<Masked> KnownHeads::find(std::string_view name, const core::StoredFile& file) const {
  const auto known = heads_.find(entry_name(name, file));
  if (!known) return std::nullopt;
  return (*known)->over(file);
}

void KnownHeads::keep(std::string_view name, const Masked& masked) const {
  constexpr std::uint64_t kOverheadBytes = 1024;
  const std::uint64_t bytes = masked.head().size() + masked.tail().size();
  const core::StoredFile& file = masked.pixels().file();
  if (!may_hold(file) || bytes < kLeastBytes || bytes + kOverheadBytes > limit_bytes_) return;
  // Without the file: what the archive removes does not stay open.
  auto head = std::make_shared<const Masked>(masked.over(core::StoredFile::in_memory({})));
  heads_.put(entry_name(name, file), std::move(head), bytes + kOverheadBytes);
}

}  // namespace sekisho::disclosure
