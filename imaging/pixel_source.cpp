// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_source.h"

#include <algorithm>
#include <array>

namespace sekisho::imaging {

using core::Byte;
using core::ByteView;

std::size_t PixelSource::piece_at(std::uint64_t offset) const {
  const auto after = std::ranges::upper_bound(pieces_, offset, {}, &Piece::begin);
  return static_cast<std::size_t>(after - pieces_.begin()) - 1;
}

std::optional<PixelSource::Range> PixelSource::range_at(std::uint64_t offset) const {
  if (offset >= size_) return std::nullopt;
  const Piece& piece = pieces_[piece_at(offset)];
  if (piece.kind != Piece::Kind::as_stored) return std::nullopt;
  const std::uint64_t begin = offset - piece.begin;
  return Range{piece.offset + begin, piece.size - begin};
}

void PixelSource::read(std::uint64_t offset, std::span<Byte> out) const {
  for (std::size_t i = out.empty() ? 0 : piece_at(offset); !out.empty(); ++i) {
    const Piece& piece = pieces_.at(i);
    const std::uint64_t begin = offset - piece.begin;
    const auto part = out.first(std::min<std::uint64_t>(out.size(), piece.size - begin));
    switch (piece.kind) {
      case Piece::Kind::as_stored:
        file_.read(piece.offset + begin, part);
        break;
      case Piece::Kind::masked:
        read_masked(piece, begin, part);
        break;
      case Piece::Kind::made:
        std::ranges::copy(ByteView(piece.made).subspan(begin, part.size()), part.begin());
        break;
    }
    offset += part.size();
    out = out.subspan(part.size());
  }
}

/// A cell at either end may be asked for in part.
void PixelSource::read_masked(const Piece& piece, std::uint64_t begin, std::span<Byte> out) const {
  const std::uint64_t cell = mask_->cell_bytes();
  while (!out.empty()) {
    const std::uint64_t into_cell = begin % cell;
    if (into_cell == 0 && out.size() >= cell) {
      const auto whole = out.first(out.size() - out.size() % cell);
      file_.read(piece.offset + begin, whole);
      mask_->apply(whole);
      begin += whole.size();
      out = out.subspan(whole.size());
      continue;
    }
    std::array<Byte, sizeof(std::uint64_t)> bytes{};
    const auto one = std::span(bytes).first(cell);
    file_.read(piece.offset + begin - into_cell, one);
    mask_->apply(one);
    const auto part = out.first(std::min<std::uint64_t>(out.size(), cell - into_cell));
    std::ranges::copy(one.subspan(into_cell, part.size()), part.begin());
    begin += part.size();
    out = out.subspan(part.size());
  }
}

std::uint64_t PixelSource::made_bytes() const {
  std::uint64_t bytes = 0;
  for (const Piece& piece : pieces_) bytes += piece.made.size();
  return bytes;
}

}  // namespace sekisho::imaging
