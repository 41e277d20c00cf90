// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/black_rectangles.h"

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

bool is_ybr(Photometric photometric) {
  return photometric == ybr_full || photometric == ybr_full_422;
}

Bytes repeated(const Bytes& unit, std::size_t times) {
  Bytes row;
  row.reserve(unit.size() * times);
  for (std::size_t i = 0; i < times; ++i) row.insert(row.end(), unit.begin(), unit.end());
  return row;
}

std::uint64_t native_frame_bytes(const ImageShape& shape) {
  if (shape.photometric == ybr_full_422) return std::uint64_t{shape.rows} * shape.columns * 2;
  return shape.frame_bytes();
}

/// From the first to the one after the last, in bytes or bits.
struct Stretch {
  std::uint64_t begin, end;
};

/// Which numbers of `count` things, the first at `begin` and each `size` long, `all` meets.
Stretch met_by(const Stretch& all, std::uint64_t begin, std::uint64_t size, std::uint64_t count) {
  const auto number = [&](std::uint64_t at) { return at <= begin ? 0 : (at - begin) / size; };
  return {std::min(number(all.begin), count), std::min(number(all.end + size - 1), count)};
}

}  // namespace

std::uint64_t native_size(const ImageShape& shape) {
  if (shape.bits_allocated == 1) {
    return (std::uint64_t{shape.rows} * shape.columns * shape.frames + 7) / 8;
  }
  return native_frame_bytes(shape) * shape.frames;
}

BlackRectangles::BlackRectangles(const ImageShape& shape, std::span<const Rectangle> rectangles)
    : shape_(shape), grids_(shape.bits_allocated == 1 ? std::vector<Grid>{} : grids_of(shape)) {
  const auto end = [](std::uint32_t begin, std::uint32_t size, std::uint32_t limit) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{begin} + size, limit));
  };
  for (const Rectangle& each : rectangles) {
    const Area area{std::min(each.x, shape.columns), end(each.x, each.width, shape.columns),
                    std::min(each.y, shape.rows), end(each.y, each.height, shape.rows)};
    if (area.left < area.right && area.top < area.bottom) areas_.push_back(area);
  }
}

std::vector<BlackRectangles::Grid> BlackRectangles::grids_of(const ImageShape& shape) {
  const auto grid = [&](std::uint64_t offset, const Bytes& unit, std::uint32_t pixels) {
    return Grid{offset, repeated(unit, shape.columns / pixels),
                static_cast<std::uint32_t>(unit.size()), pixels};
  };
  if (shape.photometric == ybr_full_422) return {grid(0, {0, 0, kNoColour, kNoColour}, 2)};
  const Bytes first = cell(shape, black_value(shape));
  const Bytes other = is_ybr(shape.photometric) ? Bytes{kNoColour} : first;
  if (shape.samples == 1) return {grid(0, first, 1)};
  if (shape.planes == Planes::separate) {
    const std::uint64_t plane = shape.frame_bytes() / shape.samples;
    return {grid(0, first, 1), grid(plane, other, 1), grid(2 * plane, other, 1)};
  }
  Bytes pixel = first;
  for (std::uint32_t i = 1; i < shape.samples; ++i) {
    pixel.insert(pixel.end(), other.begin(), other.end());
  }
  return {grid(0, pixel, 1)};
}

std::uint64_t BlackRectangles::memory_bytes() const {
  std::uint64_t bytes = areas_.size() * sizeof(Area);
  for (const Grid& grid : grids_) bytes += sizeof(Grid) + grid.black_row.size();
  return bytes;
}

void BlackRectangles::blacken(std::uint64_t offset, std::span<Byte> part) const {
  for (const Area& area : areas_) {
    if (grids_.empty()) blacken_bits(area, offset, part);
    for (const Grid& grid : grids_) blacken(area, grid, offset, part);
  }
}

void BlackRectangles::blacken(const Area& area, const Grid& grid, std::uint64_t offset,
                              std::span<Byte> part) const {
  const Stretch all{offset, offset + part.size()};
  const std::uint64_t frame_bytes = native_frame_bytes(shape_);
  const std::uint64_t row_bytes = grid.black_row.size();
  const std::uint64_t left = std::uint64_t{area.left} / grid.unit_pixels * grid.unit_bytes;
  const std::uint64_t right =
      (std::uint64_t{area.right} + grid.unit_pixels - 1) / grid.unit_pixels * grid.unit_bytes;
  const Stretch frames = met_by(all, 0, frame_bytes, shape_.frames);
  for (std::uint64_t frame = frames.begin; frame < frames.end; ++frame) {
    const std::uint64_t top = frame * frame_bytes + grid.offset;
    const Stretch rows = met_by(all, top, row_bytes, area.bottom);
    for (std::uint64_t row = std::max<std::uint64_t>(rows.begin, area.top); row < rows.end; ++row) {
      const std::uint64_t at = top + row * row_bytes;
      const std::uint64_t begin = std::max(at + left, all.begin);
      const std::uint64_t end = std::min(at + right, all.end);
      if (begin >= end) continue;
      std::copy_n(&grid.black_row[begin - at], end - begin, &part[begin - all.begin]);
    }
  }
}

/// Single bits, the first in the lowest of a byte; frames follow without padding (PS3.5 §8.1.1).
void BlackRectangles::blacken_bits(const Area& area, std::uint64_t offset,
                                   std::span<Byte> part) const {
  const bool black = black_value(shape_) != 0;
  const Stretch all{8 * offset, 8 * (offset + part.size())};
  const std::uint64_t frame_bits = std::uint64_t{shape_.rows} * shape_.columns;
  const Stretch frames = met_by(all, 0, frame_bits, shape_.frames);
  for (std::uint64_t frame = frames.begin; frame < frames.end; ++frame) {
    const std::uint64_t top = frame * frame_bits;
    const Stretch rows = met_by(all, top, shape_.columns, area.bottom);
    for (std::uint64_t row = std::max<std::uint64_t>(rows.begin, area.top); row < rows.end; ++row) {
      const std::uint64_t begin = std::max(top + row * shape_.columns + area.left, all.begin);
      const std::uint64_t end = std::min(top + row * shape_.columns + area.right, all.end);
      for (std::uint64_t at = begin; at < end; ++at) {
        const auto bit = static_cast<Byte>(1U << (at % 8));
        Byte& byte = part[at / 8 - offset];
        byte = static_cast<Byte>(black ? byte | bit : byte & ~bit);
      }
    }
  }
}

}  // namespace sekisho::anonymization
