// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/dicom/checked_file.h"
#include "core/dicom/dataset.h"

namespace sekisho::imaging {

/// How many pixels a file declares and how they lie (PS3.3 §C.7.6.3). Arithmetic on it cannot
/// overflow.
struct PixelLayout {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t frames = 1;
  std::uint32_t samples = 1;
  std::uint32_t bits_allocated = 8;  ///< 1, or a multiple of 8 up to 64
  /// Which bits of a cell have a meaning: from low_bit to high_bit, both included.
  std::uint32_t low_bit = 0;
  std::uint32_t high_bit = 7;
  bool is_signed = false;
  /// YBR_FULL_422, which has two samples for a pixel where it is native (PS3.3 §C.7.6.3.1.2).
  bool is_subsampled = false;
  bool has_stored_bits = false;  ///< false: (0028,0101) is absent, as for floating point

  std::uint32_t bits_stored() const { return high_bit - low_bit + 1; }
  std::uint32_t cell_bytes() const { return bits_allocated / 8; }
  bool has_unused_bits() const { return bits_stored() < bits_allocated; }
  /// Of one frame, each sample in its cell.
  std::uint64_t frame_bits() const {
    return std::uint64_t{rows} * columns * samples * bits_allocated;
  }
  std::uint64_t frame_bytes() const { return (frame_bits() + 7) / 8; }
  /// Of all frames where they are native, before padding: single bits of all frames follow each
  /// other without a gap (PS3.5 §8.1.1).
  std::uint64_t native_bits() const {
    return (is_subsampled ? frame_bits() / 3 * 2 : frame_bits()) * frames;
  }
};

/// Reads it from the top level of the header. `nullopt`: something is absent, twice there, or
/// contradicts itself, so that nobody can say which bytes are pixels.
std::optional<PixelLayout> read_pixel_layout(const core::dicom::CheckedFile& file);
/// The same from a data set up to its pixels, which is sound.
std::optional<PixelLayout> read_pixel_layout(const core::dicom::Dataset& header);

}  // namespace sekisho::imaging
