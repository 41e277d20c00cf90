// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
#include "imaging/pixel_layout.h"

namespace sekisho::imaging {

/// What the bits of a cell that hold no sample become: zero, or above a signed sample copies of its
/// sign (PS3.5 §8.1.1), whatever else the data set says is in them. A value; any thread.
class CellMask {
 public:
  CellMask(const PixelLayout& layout, core::dicom::ByteOrder order);

  std::uint32_t cell_bytes() const { return cell_bytes_; }
  /// Of whole cells.
  void apply(std::span<core::Byte> cells) const;
  /// Of the byte of a cell that has the bits from 8 × `place` on. False: it takes more than that
  /// byte to know.
  bool apply_to_byte(core::Byte& byte, std::uint32_t place) const;

 private:
  std::uint64_t masked(std::uint64_t cell) const {
    const std::uint64_t sample = cell & sample_bits_;
    return (sample & sign_bit_) != 0 ? sample | above_ : sample;
  }
  template <class Cell>
  void apply_to(std::span<core::Byte> cells) const;

  std::uint32_t cell_bytes_;
  core::dicom::ByteOrder order_;
  std::uint64_t sample_bits_;
  std::uint64_t sign_bit_;  ///< 0: the samples have none
  std::uint64_t above_;
};

}  // namespace sekisho::imaging
