// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/checked_file.h"
#include "core/dicom/dataset.h"
#include "imaging/pixel_layout.h"
#include "imaging/refusal.h"

namespace sekisho::imaging {

/// No pixels, as stored or decoded, are held in memory that take more: of an image, one frame.
inline constexpr std::uint64_t kMostPixelBytes = 512ULL << 20;

enum class Photometric : std::uint8_t {
  monochrome1,
  monochrome2,
  palette_color,
  rgb,
  ybr_full,
  ybr_full_422,
  ybr_ict,
  ybr_rct,
};
std::string_view name(Photometric photometric);

/// How the pixels of one object are laid out (PS3.3 §C.7.6.3). Consistent, and within the limit:
/// arithmetic on it cannot overflow.
struct ImageShape {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t frames = 1;
  std::uint32_t samples = 1;         ///< 1 or 3
  std::uint32_t bits_allocated = 8;  ///< 1, 8, 16 or 32
  std::uint32_t bits_stored = 8;
  std::uint32_t high_bit = 7;
  enum class Sign : std::uint8_t { without, with } sign = Sign::without;
  enum class Planes : std::uint8_t { interleaved, separate } planes = Planes::interleaved;
  Photometric photometric = Photometric::monochrome2;
  std::uint32_t darkest_index = 0;  ///< of palette_color

  std::uint32_t bytes_per_sample() const { return bits_allocated / 8; }
  std::uint64_t frame_samples() const { return std::uint64_t{rows} * columns * samples; }
  /// Of one decoded frame with whole samples; not of bits_allocated 1 or native ybr_full_422.
  std::uint64_t frame_bytes() const { return frame_samples() * bytes_per_sample(); }
};

/// How the cells of one decoded frame lie.
PixelLayout frame_layout(const ImageShape& shape);

/// Reads the shape from the top level of the header of a file that is blackened: each of its frames
/// is within the limit, and its palette is understood.
std::variant<ImageShape, Refusal> read_image_shape(const core::dicom::CheckedFile& file);
/// The same of a data set up to its pixels, which is sound, but that nothing is said of the
/// palette.
std::variant<ImageShape, Refusal> read_image_shape(const core::dicom::Dataset& header);

}  // namespace sekisho::imaging
