// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_source.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sekisho::imaging {

using core::Byte;
using core::ByteView;

std::optional<PixelSource::Range> PixelSource::range_at(std::uint64_t offset) const {
  if (offset >= plan_->size_) return std::nullopt;
  const PixelPlan::Piece& piece = plan_->pieces_[plan_->piece_at(offset)];
  if (piece.kind != PixelPlan::Piece::Kind::as_stored || piece.word_bytes != 1) return std::nullopt;
  const std::uint64_t begin = offset - piece.begin;
  return Range{piece.offset + begin, piece.size - begin};
}

void PixelSource::read(std::uint64_t offset, std::span<Byte> out) const {
  using Piece = PixelPlan::Piece;
  for (std::size_t i = out.empty() ? 0 : plan_->piece_at(offset); !out.empty(); ++i) {
    const Piece& piece = plan_->pieces_.at(i);
    const std::uint64_t begin = offset - piece.begin;
    const auto part = out.first(std::min<std::uint64_t>(out.size(), piece.size - begin));
    switch (piece.kind) {
      case Piece::Kind::as_stored:
        if (piece.word_bytes == 1) {
          file_.read(piece.offset + begin, part);
        } else {
          read_cells(piece, begin, part);
        }
        break;
      case Piece::Kind::masked:
        read_cells(piece, begin, part);
        break;
      case Piece::Kind::made:
        std::ranges::copy(ByteView(piece.made).subspan(begin, part.size()), part.begin());
        break;
      case Piece::Kind::decoded:
        piece.maker->read(piece.offset + begin, part);
        break;
    }
    offset += part.size();
    out = out.subspan(part.size());
  }
}

void PixelSource::change_cells(const PixelPlan::Piece& piece, std::span<Byte> cells) const {
  if (piece.kind == PixelPlan::Piece::Kind::masked) plan_->mask_->apply(cells);
  const std::size_t word = piece.word_bytes;
  if (word == 2) {
    for (std::size_t at = 0; at < cells.size(); at += 2) std::swap(cells[at], cells[at + 1]);
  } else if (word > 2) {
    for (std::size_t at = 0; at < cells.size(); at += word) {
      std::ranges::reverse(cells.subspan(at, word));
    }
  }
}

/// A cell, or a word of cells, at either end may be asked for in part.
void PixelSource::read_cells(const PixelPlan::Piece& piece, std::uint64_t begin,
                             std::span<Byte> out) const {
  const bool is_masked = piece.kind == PixelPlan::Piece::Kind::masked;
  const std::uint64_t unit =
      std::max<std::uint64_t>(is_masked ? plan_->mask_->cell_bytes() : 1, piece.word_bytes);
  while (!out.empty()) {
    const std::uint64_t into_unit = begin % unit;
    if (into_unit == 0 && out.size() >= unit) {
      const auto whole = out.first(out.size() - out.size() % unit);
      file_.read(piece.offset + begin, whole);
      change_cells(piece, whole);
      begin += whole.size();
      out = out.subspan(whole.size());
      continue;
    }
    std::array<Byte, sizeof(std::uint64_t)> bytes{};
    const auto one = std::span(bytes).first(unit);
    file_.read(piece.offset + begin - into_unit, one);
    change_cells(piece, one);
    const auto part = out.first(std::min<std::uint64_t>(out.size(), unit - into_unit));
    std::ranges::copy(one.subspan(into_unit, part.size()), part.begin());
    begin += part.size();
    out = out.subspan(part.size());
  }
}

bool PixelSource::is_clear(const PixelPlan::Piece& piece, const core::Demand& demand) const {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 18U;
  const std::uint64_t block_bytes = kMostBytes - kMostBytes % plan_->mask_->cell_bytes();
  core::Bytes stored(std::min(block_bytes, piece.size));
  core::Bytes masked(stored.size());
  for (std::uint64_t at = 0; at < piece.size; at += block_bytes) {
    demand.ask();
    const auto size = std::min(block_bytes, piece.size - at);
    const auto block = std::span(stored).first(size);
    file_.read(piece.offset + at, block);
    std::ranges::copy(block, masked.begin());
    plan_->mask_->apply(std::span(masked).first(size));
    if (!std::ranges::equal(block, std::span(masked).first(size))) return false;
  }
  return true;
}

PixelSource PixelSource::without_idle_mask(const core::Demand& demand) const {
  using enum PixelPlan::Piece::Kind;
  if (!plan_->may_have_idle_mask()) return *this;
  PixelPlan plan;
  plan.was_looked_through_ = true;
  plan.streams_ = plan_->streams_;
  plan.may_use_other_bits_ = plan_->may_use_other_bits_;
  for (const PixelPlan::Piece& piece : plan_->pieces_) {
    const bool is_in_order = piece.word_bytes == 1;
    if (is_in_order &&
        (piece.kind == as_stored || (piece.kind == masked && is_clear(piece, demand)))) {
      plan.append_stored(piece.offset, piece.size);
      continue;
    }
    if (piece.kind == masked) plan.mask_ = plan_->mask_;
    plan.append(piece);
  }
  return {file_, std::make_shared<const PixelPlan>(std::move(plan))};
}

}  // namespace sekisho::imaging
