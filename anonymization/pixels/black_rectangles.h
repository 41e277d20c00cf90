// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "anonymization/pixels/rectangle.h"
#include "core/bytes.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::anonymization {

/// How many bytes all frames take in a native syntax, before the padding to even length.
std::uint64_t native_size(const imaging::ImageShape& shape);

/// Rectangles that are black in every frame of an image in a native syntax, little endian. Parts of
/// them outside the image are ignored; in ybr_full_422, whose pixels share their colour in pairs, a
/// pair is black whole. An immutable value that takes a row of the image in memory, or three; any
/// thread may use it.
class BlackRectangles {
 public:
  BlackRectangles(const imaging::ImageShape& shape, std::span<const Rectangle> rectangles);

  /// `part` is what stands from `offset` on among the native_size() bytes of all frames: what of it
  /// lies in a rectangle becomes black.
  void blacken(std::uint64_t offset, std::span<core::Byte> part) const;
  std::uint64_t memory_bytes() const;

 private:
  /// What of a rectangle lies in the image; from the first to the one after the last.
  struct Area {
    std::uint32_t left, right, top, bottom;
  };
  /// Rows inside each frame that are blackened alike: all of a frame, or one colour plane.
  struct Grid {
    std::uint64_t offset = 0;  ///< in the frame
    core::Bytes black_row;
    std::uint32_t unit_bytes = 1;  ///< of the pixels that are blackened together
    std::uint32_t unit_pixels = 1;
  };
  static std::vector<Grid> grids_of(const imaging::ImageShape& shape);
  void blacken(const Area& area, const Grid& grid, std::uint64_t offset,
               std::span<core::Byte> part) const;
  void blacken_bits(const Area& area, std::uint64_t offset, std::span<core::Byte> part) const;

  imaging::ImageShape shape_;
  std::vector<Area> areas_;
  std::vector<Grid> grids_;  ///< empty where pixels are single bits
};

}  // namespace sekisho::anonymization
