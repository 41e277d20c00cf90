// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/archived.h"

#include <algorithm>

namespace sekisho::returns {

bool has_these_bytes(core::DicomStore& store, const core::InstanceKey& key, core::ByteView part10) {
  const auto file = store.open(key);
  if (!file || file->size_bytes() != part10.size()) return false;
  core::Bytes piece;
  for (std::size_t at = 0; at < part10.size(); at += piece.size()) {
    piece.resize(std::min<std::size_t>(part10.size() - at, 1U << 20U));
    file->read(at, piece);
    if (!std::ranges::equal(piece, part10.subspan(at, piece.size()))) return false;
  }
  return true;
}

bool is_put_down(const sharing::ShareStore& shares, const sharing::ShareId& share,
                 const sharing::ReturnedObject& made) {
  const auto all = shares.returned(share);
  return std::ranges::any_of(all, [&](const sharing::ReturnedObject& each) {
    return each.instance == made.instance && each.series == made.series &&
           each.archived_series == made.archived_series &&
           each.archived_instance == made.archived_instance;
  });
}

}  // namespace sekisho::returns
