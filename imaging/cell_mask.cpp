// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/cell_mask.h"

#include <bit>
#include <cstring>

namespace sekisho::imaging {
namespace {

using core::Byte;

std::uint64_t ones(std::uint32_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

std::uint8_t swapped(std::uint8_t cell) { return cell; }
std::uint16_t swapped(std::uint16_t cell) { return __builtin_bswap16(cell); }
std::uint32_t swapped(std::uint32_t cell) { return __builtin_bswap32(cell); }
std::uint64_t swapped(std::uint64_t cell) { return __builtin_bswap64(cell); }

}  // namespace

CellMask::CellMask(const PixelLayout& layout, core::dicom::ByteOrder order)
    : cell_bytes_(layout.cell_bytes()),
      order_(order),
      sample_bits_(ones(layout.high_bit + 1) & ~ones(layout.low_bit)),
      sign_bit_(layout.is_signed ? std::uint64_t{1} << layout.high_bit : 0),
      above_(ones(layout.bits_allocated) & ~ones(layout.high_bit + 1)) {}

template <class Cell>
void CellMask::apply_to(std::span<Byte> cells) const {
  const bool is_other_order =
      (order_ == core::dicom::ByteOrder::big) == (std::endian::native == std::endian::little);
  const auto bits = static_cast<Cell>(sample_bits_);
  const auto sign = static_cast<Cell>(sign_bit_);
  const auto above = static_cast<Cell>(above_);
  // Without branches, so that the compiler makes vectors of it.
  for (std::size_t at = 0; at + sizeof(Cell) <= cells.size(); at += sizeof(Cell)) {
    Cell cell = 0;
    std::memcpy(&cell, cells.data() + at, sizeof(Cell));
    if (is_other_order) cell = swapped(cell);
    cell = static_cast<Cell>(cell & bits);
    cell = static_cast<Cell>(cell | ((cell & sign) != 0 ? above : Cell{0}));
    if (is_other_order) cell = swapped(cell);
    std::memcpy(cells.data() + at, &cell, sizeof(Cell));
  }
}

void CellMask::apply(std::span<Byte> cells) const {
  switch (cell_bytes_) {
    case 1:
      return apply_to<std::uint8_t>(cells);
    case 2:
      return apply_to<std::uint16_t>(cells);
    case 4:
      return apply_to<std::uint32_t>(cells);
    case 8:
      return apply_to<std::uint64_t>(cells);
    default:
      break;
  }
  // Cells of 24 to 56 bits, which no device writes.
  for (std::size_t at = 0; at + cell_bytes_ <= cells.size(); at += cell_bytes_) {
    const auto place = [&](std::uint32_t i) {
      return at + (order_ == core::dicom::ByteOrder::little ? i : cell_bytes_ - 1 - i);
    };
    std::uint64_t cell = 0;
    for (std::uint32_t i = 0; i < cell_bytes_; ++i) {
      cell |= std::uint64_t{cells[place(i)]} << (8 * i);
    }
    cell = masked(cell);
    for (std::uint32_t i = 0; i < cell_bytes_; ++i) {
      cells[place(i)] = static_cast<Byte>(cell >> (8 * i));
    }
  }
}

bool CellMask::apply_to_byte(Byte& byte, std::uint32_t place) const {
  const std::uint64_t whole = std::uint64_t{0xFF} << (8 * place);
  const bool has_sign = (sign_bit_ & whole) != 0;
  if (sign_bit_ != 0 && !has_sign && (above_ & whole) != 0) return false;
  byte = static_cast<Byte>(masked(std::uint64_t{byte} << (8 * place)) >> (8 * place));
  return true;
}

}  // namespace sekisho::imaging
