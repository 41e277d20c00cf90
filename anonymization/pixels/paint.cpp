// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/paint.h"

#include <algorithm>

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;
using imaging::ImageShape;
using imaging::Photometric;
using enum imaging::Photometric;
using Sign = ImageShape::Sign;
using Planes = ImageShape::Planes;

/// Chroma of no colour, in 8 bits (PS3.3 §C.7.6.3.1.2).
constexpr std::uint32_t kNoColour = 128;

/// The pixel value that is shown as black.
std::uint64_t black_value(const ImageShape& shape) {
  const std::uint64_t one = 1;
  const bool is_signed = shape.sign == Sign::with;
  switch (shape.photometric) {
    case monochrome1:  // the largest
      return is_signed ? (one << (shape.bits_stored - 1)) - 1 : (one << shape.bits_stored) - 1;
    case monochrome2:  // the smallest; the sign goes through all bits above
      return is_signed ? ~std::uint64_t{0} << (shape.bits_stored - 1) : 0;
    case palette_color:
      return shape.darkest_index;
    default:
      return 0;
  }
}

/// The bytes of one cell.
Bytes cell(const ImageShape& shape, std::uint64_t value) {
  const std::uint64_t placed = value << (shape.high_bit + 1 - shape.bits_stored);
  Bytes bytes;
  for (std::uint32_t i = 0; i < shape.bytes_per_sample(); ++i) {
    bytes.push_back(static_cast<Byte>(placed >> (8 * i)));
  }
  return bytes;
}

/// A grid inside each frame whose units are blackened alike: all of a frame, or one colour plane.
struct Grid {
  std::uint64_t offset = 0;  ///< in the frame
  Bytes black;               ///< one unit
  std::uint32_t pixels_per_unit = 1;
};

bool is_ybr(Photometric photometric) {
  return photometric == ybr_full || photometric == ybr_full_422;
}

std::vector<Grid> grids_of(const ImageShape& shape) {
  if (shape.photometric == ybr_full_422) return {{0, {0, 0, kNoColour, kNoColour}, 2}};
  const Bytes first = cell(shape, black_value(shape));
  const Bytes other = is_ybr(shape.photometric) ? Bytes{kNoColour} : first;
  if (shape.samples == 1) return {{0, first, 1}};
  if (shape.planes == Planes::separate) {
    const std::uint64_t plane = shape.frame_bytes() / shape.samples;
    return {{0, first, 1}, {plane, other, 1}, {2 * plane, other, 1}};
  }
  Bytes pixel = first;
  for (std::uint32_t i = 1; i < shape.samples; ++i) {
    pixel.insert(pixel.end(), other.begin(), other.end());
  }
  return {{0, pixel, 1}};
}

/// What of a rectangle lies in the image; from the first to the one after the last.
struct Area {
  std::uint32_t left, right, top, bottom;
};

Area inside(const Rectangle& rectangle, const ImageShape& shape) {
  const auto end = [](std::uint32_t begin, std::uint32_t size, std::uint32_t limit) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{begin} + size, limit));
  };
  return {std::min(rectangle.x, shape.columns), end(rectangle.x, rectangle.width, shape.columns),
          std::min(rectangle.y, shape.rows), end(rectangle.y, rectangle.height, shape.rows)};
}

void paint(std::span<Byte> frame, const Grid& grid, const ImageShape& shape, const Area& area) {
  const std::size_t unit = grid.black.size();
  const std::size_t first = area.left / grid.pixels_per_unit;
  const std::size_t last = (area.right + grid.pixels_per_unit - 1) / grid.pixels_per_unit;
  Bytes black_row;
  for (std::size_t i = first; i < last; ++i) {
    black_row.insert(black_row.end(), grid.black.begin(), grid.black.end());
  }
  const std::size_t row_bytes = shape.columns / grid.pixels_per_unit * unit;
  for (std::size_t row = area.top; row < area.bottom; ++row) {
    std::ranges::copy(black_row,
                      frame.subspan(grid.offset + row * row_bytes + first * unit).begin());
  }
}

/// Single bits, the first in the lowest of a byte; frames follow without padding (PS3.5 §8.1.1).
void paint_bits(std::span<Byte> pixels, const ImageShape& shape, const Area& area,
                const core::Demand& demand) {
  const bool black = black_value(shape) != 0;
  const std::uint64_t frame_bits = std::uint64_t{shape.rows} * shape.columns;
  for (std::uint64_t frame = 0; frame < shape.frames; ++frame) {
    demand.ask();
    for (std::uint64_t row = area.top; row < area.bottom; ++row) {
      for (std::uint64_t column = area.left; column < area.right; ++column) {
        const std::uint64_t at = frame * frame_bits + row * shape.columns + column;
        const auto bit = static_cast<Byte>(1U << (at % 8));
        Byte& byte = pixels[at / 8];
        byte = static_cast<Byte>(black ? byte | bit : byte & ~bit);
      }
    }
  }
}

std::uint64_t native_frame_bytes(const ImageShape& shape) {
  if (shape.photometric == ybr_full_422) return std::uint64_t{shape.rows} * shape.columns * 2;
  return shape.frame_bytes();
}

}  // namespace

std::uint64_t native_size(const ImageShape& shape) {
  if (shape.bits_allocated == 1) {
    return (std::uint64_t{shape.rows} * shape.columns * shape.frames + 7) / 8;
  }
  return native_frame_bytes(shape) * shape.frames;
}

void paint_black(std::span<Byte> pixels, const ImageShape& shape,
                 std::span<const Rectangle> rectangles, const core::Demand& demand) {
  const std::vector<Grid> grids = shape.bits_allocated == 1 ? std::vector<Grid>{} : grids_of(shape);
  const std::uint64_t frame_bytes = native_frame_bytes(shape);
  for (const Rectangle& rectangle : rectangles) {
    const Area area = inside(rectangle, shape);
    if (area.left >= area.right || area.top >= area.bottom) continue;
    if (grids.empty()) {
      paint_bits(pixels, shape, area, demand);
      continue;
    }
    for (std::uint64_t frame = 0; frame < shape.frames; ++frame) {
      demand.ask();
      for (const Grid& grid : grids) {
        paint(pixels.subspan(frame * frame_bytes, frame_bytes), grid, shape, area);
      }
    }
  }
}

}  // namespace sekisho::anonymization
