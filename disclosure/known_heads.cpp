// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/known_heads.h"

#include <utility>

namespace sekisho::disclosure {

using anonymization::Masked;

std::optional<Masked> KnownHeads::find(std::string_view name, const core::StoredFile& file) const {
  const auto known = heads_.find(name);
  if (!known) return std::nullopt;
  return (*known)->over(file);
}

void KnownHeads::keep(std::string name, const Masked& masked) const {
  constexpr std::uint64_t kOverheadBytes = 1024;
  const std::uint64_t bytes = masked.head().size() + masked.tail().size();
  const bool is_of_disk = masked.pixels().file().descriptor() >= 0;
  if (!is_of_disk || bytes < kLeastBytes || bytes + kOverheadBytes > limit_bytes_) return;
  // Without the file: what the archive removes does not stay open.
  auto head = std::make_shared<const Masked>(masked.over(core::StoredFile::in_memory({})));
  heads_.put(std::move(name), std::move(head), bytes + kOverheadBytes);
}

}  // namespace sekisho::disclosure
