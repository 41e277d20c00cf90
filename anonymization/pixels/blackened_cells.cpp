// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/blackened_cells.h"

#include <algorithm>
#include <utility>

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;

/// The two bytes of every 16-bit word the other way round (PS3.5 §7.3).
void swap_words(std::span<Byte> bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
}

}  // namespace

BlackenedCells::BlackenedCells(core::StoredFile value, Words words, std::uint64_t native_size,
                               BlackRectangles black)
    : value_(std::move(value)),
      words_(words),
      native_size_(native_size),
      black_(std::move(black)) {}

void BlackenedCells::read(std::uint64_t offset, std::span<Byte> out) const {
  const std::uint64_t end = offset + out.size();
  if (words_ == Words::as_bytes || (offset % 2 == 0 && end % 2 == 0)) {
    return read_words(offset, out);
  }
  Bytes whole(static_cast<std::size_t>(end + end % 2 - (offset - offset % 2)));
  read_words(offset - offset % 2, whole);
  std::ranges::copy(std::span(whole).subspan(offset % 2, out.size()), out.begin());
}

void BlackenedCells::read_words(std::uint64_t offset, std::span<Byte> out) const {
  const bool is_big = words_ == Words::big_endian;
  const auto first = [&](std::uint64_t size) {
    return out.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(out.size(), size > offset ? size - offset : 0)));
  };
  const auto stored = first(native_size_ + (is_big ? native_size_ % 2 : 0));
  const auto cells = first(native_size_);
  value_.read(stored.empty() ? 0 : offset, stored);
  if (is_big) swap_words(stored);
  black_.blacken(offset, cells);
  std::ranges::fill(out.subspan(cells.size()), Byte{0});
  if (is_big) swap_words(out);
}

}  // namespace sekisho::anonymization
