// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_plan.h"

#include <algorithm>
#include <utility>

namespace sekisho::imaging {

std::uint64_t PixelPlan::made_bytes() const {
  std::uint64_t bytes = 0;
  const core::ByteMaker* maker = nullptr;
  for (const Piece& piece : pieces_) {
    bytes += piece.made.size();
    if (piece.maker == nullptr || piece.maker.get() == maker) continue;
    maker = piece.maker.get();
    bytes += maker->memory_bytes();
  }
  return bytes;
}

std::uint64_t PixelPlan::memory_bytes() const {
  return sizeof(PixelPlan) + pieces_.size() * sizeof(Piece) + streams_.size() * sizeof(PixelRange) +
         made_bytes();
}

void PixelPlan::append(Piece piece) {
  piece.begin = size_;
  size_ += piece.size;
  pieces_.push_back(std::move(piece));
}

void PixelPlan::append_stored(std::uint64_t offset, std::uint64_t size) {
  using enum Piece::Kind;
  const bool goes_on = !pieces_.empty() && pieces_.back().kind == as_stored &&
                       pieces_.back().word_bytes == 1 &&
                       pieces_.back().offset + pieces_.back().size == offset;
  if (!goes_on) return append({0, size, offset, as_stored, {}});
  pieces_.back().size += size;
  size_ += size;
}

std::size_t PixelPlan::piece_at(std::uint64_t offset) const {
  const auto after = std::ranges::upper_bound(pieces_, offset, {}, &Piece::begin);
  return static_cast<std::size_t>(after - pieces_.begin()) - 1;
}

}  // namespace sekisho::imaging
