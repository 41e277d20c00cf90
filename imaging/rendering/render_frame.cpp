// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/render_frame.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "imaging/rendering/grey_levels.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::ByteView;

/// So many bits have a table for all values of a sample.
constexpr std::uint32_t kMostTableBits = 16;
constexpr std::size_t kSamplesToAQuestion = 1 << 20;

/// What the bits of a cell say.
class SampleReader {
 public:
  explicit SampleReader(const PixelLayout& layout)
      : low_(layout.low_bit),
        mask_(~std::uint64_t{0} >> (64 - layout.bits_stored())),
        sign_(layout.is_signed ? std::uint64_t{1} << (layout.bits_stored() - 1) : 0) {}
  std::uint64_t bits(std::uint64_t cell) const { return cell >> low_ & mask_; }
  double value(std::uint64_t bits) const {
    if ((bits & sign_) == 0) return static_cast<double>(bits);
    return static_cast<double>(static_cast<std::int64_t>(bits | ~mask_));
  }

 private:
  std::uint32_t low_;
  std::uint64_t mask_;
  std::uint64_t sign_;
};

template <class Cell, class See>
void each_of(ByteView cells, const core::Demand& demand, See see) {
  const std::size_t count = cells.size() / sizeof(Cell);
  for (std::size_t begin = 0; begin < count; begin += kSamplesToAQuestion) {
    demand.ask();
    const std::size_t end = std::min(count, begin + kSamplesToAQuestion);
    for (std::size_t i = begin; i < end; ++i) {
      Cell cell{};
      std::memcpy(&cell, cells.data() + i * sizeof(Cell), sizeof(Cell));
      see(i, cell);
    }
  }
}

/// Cells of 24, 40, 48 and 56 bits, which no type has.
template <class See>
void each_odd(ByteView cells, std::size_t cell_bytes, const core::Demand& demand, See see) {
  const std::size_t count = cells.size() / cell_bytes;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % kSamplesToAQuestion == 0) demand.ask();
    std::uint64_t cell = 0;
    std::memcpy(&cell, cells.data() + i * cell_bytes, cell_bytes);
    see(i, cell);
  }
}

/// Calls `see` with the number of each cell and what is in it.
template <class See>
void each_cell(ByteView cells, const PixelLayout& layout, const core::Demand& demand, See see) {
  switch (layout.bits_allocated) {
    case 1:
      return each_of<Byte>(cells, demand, [&](std::size_t i, Byte byte) {
        const std::size_t count = std::size_t{layout.rows} * layout.columns;
        for (std::size_t bit = 0; bit < 8 && i * 8 + bit < count; ++bit) {
          see(i * 8 + bit, static_cast<Byte>(byte >> bit & 1));
        }
      });
    case 8:
      return each_of<std::uint8_t>(cells, demand, see);
    case 16:
      return each_of<std::uint16_t>(cells, demand, see);
    case 32:
      return each_of<std::uint32_t>(cells, demand, see);
    case 64:
      return each_of<std::uint64_t>(cells, demand, see);
    default:
      return each_odd(cells, layout.cell_bytes(), demand, see);
  }
}

/// The least and the greatest value of the frame. Padding counts, as for DCMTK's `dcm2pnm +Wm`.
class Extent {
 public:
  explicit Extent(const DisplayAttributes& attributes) : attributes_(attributes) {}
  void see(double stored) {
    if (!std::isfinite(stored)) return;
    const double value = GreyLevels::modality(attributes_, stored);
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

 private:
  const DisplayAttributes& attributes_;
};

bool needs_extent(const DisplayAttributes& attributes) {
  return !attributes.window && !attributes.voi_table;
}

/// `value_of` says which number is in a cell.
template <class ValueOf>
void shade_each(ByteView cells, const DisplayAttributes& attributes, const core::Demand& demand,
                core::Bytes& out, ValueOf value_of) {
  Extent extent(attributes);
  if (needs_extent(attributes)) {
    each_cell(cells, attributes.layout, demand,
              [&](std::size_t, auto cell) { extent.see(value_of(cell)); });
  }
  const GreyLevels levels(attributes, extent.low, extent.high);
  each_cell(cells, attributes.layout, demand,
            [&](std::size_t i, auto cell) { out[i] = levels.of(value_of(cell)); });
}

/// Samples of few bits: what becomes of each value is found out once.
void shade_by_table(ByteView cells, const DisplayAttributes& attributes, const core::Demand& demand,
                    core::Bytes& out) {
  const SampleReader reader(attributes.layout);
  const std::size_t values = std::size_t{1} << attributes.layout.bits_stored();
  Extent extent(attributes);
  if (needs_extent(attributes)) {
    std::vector<Byte> occurs(values);
    each_cell(cells, attributes.layout, demand,
              [&](std::size_t, auto cell) { occurs[reader.bits(cell)] = 1; });
    for (std::size_t bits = 0; bits < values; ++bits) {
      if (occurs[bits] != 0) extent.see(reader.value(bits));
    }
  }
  const GreyLevels levels(attributes, extent.low, extent.high);
  core::Bytes table(values);
  for (std::size_t bits = 0; bits < values; ++bits) table[bits] = levels.of(reader.value(bits));
  each_cell(cells, attributes.layout, demand,
            [&](std::size_t i, auto cell) { out[i] = table[reader.bits(cell)]; });
}

void shade(ByteView cells, const DisplayAttributes& attributes, const core::Demand& demand,
           core::Bytes& out) {
  using Cells = DisplayAttributes::Cells;
  if (attributes.cells == Cells::floats) {
    return shade_each(cells, attributes, demand, out, [](std::uint64_t cell) {
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(cell)));
    });
  }
  if (attributes.cells == Cells::doubles) {
    return shade_each(cells, attributes, demand, out,
                      [](std::uint64_t cell) { return std::bit_cast<double>(cell); });
  }
  if (attributes.layout.bits_stored() <= kMostTableBits) {
    return shade_by_table(cells, attributes, demand, out);
  }
  const SampleReader reader(attributes.layout);
  shade_each(cells, attributes, demand, out,
             [&](std::uint64_t cell) { return reader.value(reader.bits(cell)); });
}

/// PS3.3 §C.7.6.3.1.5: each index has a red, a green and a blue.
bool paint_palette(ByteView cells, const DisplayAttributes& attributes, const core::Demand& demand,
                   core::Bytes& out) {
  const PixelLayout& layout = attributes.layout;
  if (layout.bits_stored() > kMostTableBits) return false;
  const SampleReader reader(layout);
  const std::size_t values = std::size_t{1} << layout.bits_stored();
  core::Bytes colours(values * 3);
  for (std::size_t sample = 0; sample < 3; ++sample) {
    const auto& table = attributes.palette[sample];
    if (!table) return false;
    const std::uint32_t below = table->bits() > 8 ? table->bits() - 8 : 0;
    for (std::size_t bits = 0; bits < values; ++bits) {
      colours[bits * 3 + sample] = static_cast<Byte>(table->at(reader.value(bits)) >> below);
    }
  }
  each_cell(cells, layout, demand, [&](std::size_t i, auto cell) {
    std::memcpy(&out[i * 3], &colours[reader.bits(cell) * 3], 3);
  });
  return true;
}

/// Samples at full scale, of signed ones the middle is 0.
void paint_samples(ByteView cells, const PixelLayout& layout, const core::Demand& demand,
                   core::Bytes& out) {
  if (layout.bits_allocated == 8 && layout.bits_stored() == 8 && !layout.is_signed) {
    std::memcpy(out.data(), cells.data(), out.size());
    return;
  }
  const SampleReader reader(layout);
  const double most = std::exp2(layout.bits_stored()) - 1;
  const double base = layout.is_signed ? std::exp2(layout.bits_stored() - 1) : 0;
  each_cell(cells, layout, demand, [&](std::size_t i, auto cell) {
    const double value = reader.value(reader.bits(cell)) + base;
    out[i] = static_cast<Byte>(std::lround(value / most * 255));
  });
}

Byte clamped(double light) { return static_cast<Byte>(std::clamp(light + 0.5, 0.0, 255.0)); }

/// In place. PS3.3 §C.7.6.3.1.2, solved for red, green and blue.
void ybr_to_rgb(core::Bytes& cells) {
  for (std::size_t i = 0; i + 2 < cells.size(); i += 3) {
    const double y = cells[i];
    const double b = cells[i + 1] - 128.0;
    const double r = cells[i + 2] - 128.0;
    cells[i] = clamped(y + 1.402 * r);
    cells[i + 1] = clamped(y - 0.344136 * b - 0.714136 * r);
    cells[i + 2] = clamped(y + 1.772 * b);
  }
}

bool is_grey(ColourModel colours) {
  return colours == ColourModel::white_is_least || colours == ColourModel::black_is_least;
}

/// Whether the cells are what the layout says, and the samples what the colours need.
bool fits(ByteView cells, const DisplayAttributes& attributes) {
  const PixelLayout& layout = attributes.layout;
  if (!attributes.colours || cells.size() < layout.frame_bytes()) return false;
  const bool is_of_one =
      is_grey(*attributes.colours) || *attributes.colours == ColourModel::palette;
  if (layout.samples != (is_of_one ? 1U : 3U)) return false;
  if (is_grey(*attributes.colours)) return true;
  return attributes.cells == DisplayAttributes::Cells::whole_numbers && layout.bits_allocated != 1;
}

}  // namespace

std::uint64_t rendering_bytes(const PixelLayout& layout) {
  constexpr std::uint64_t kTables = 1 << 20;
  return std::uint64_t{layout.rows} * layout.columns * 3 + kTables;
}

void draw_overlay(const Overlay& overlay, std::uint32_t frame, Picture& picture, core::Byte level) {
  const std::uint64_t at = std::uint64_t{frame} + 1;
  if (at < overlay.first_frame || at >= std::uint64_t{overlay.first_frame} + overlay.frames) return;
  const std::uint64_t plane = std::uint64_t{overlay.rows} * overlay.columns;
  const std::uint64_t first_bit = (at - overlay.first_frame) * plane;
  for (std::uint32_t row = 0; row < overlay.rows; ++row) {
    const std::int64_t y = std::int64_t{row} + overlay.top - 1;
    if (y < 0 || y >= picture.height) continue;
    for (std::uint32_t column = 0; column < overlay.columns; ++column) {
      const std::int64_t x = std::int64_t{column} + overlay.left - 1;
      const std::uint64_t bit = first_bit + std::uint64_t{row} * overlay.columns + column;
      if (x < 0 || x >= picture.width || (overlay.bits[bit / 8] >> bit % 8 & 1) == 0) continue;
      const std::size_t cell = static_cast<std::size_t>(y) * picture.row_bytes() +
                               static_cast<std::size_t>(x) * picture.samples;
      std::fill_n(picture.cells.begin() + static_cast<std::ptrdiff_t>(cell), picture.samples,
                  level);
    }
  }
}

std::optional<Picture> render_frame(ByteView cells, const DisplayAttributes& attributes,
                                    std::uint32_t frame, const core::Demand& demand) {
  if (!fits(cells, attributes)) return std::nullopt;
  const PixelLayout& layout = attributes.layout;
  cells = cells.first(static_cast<std::size_t>(layout.frame_bytes()));
  Picture picture{layout.columns, layout.rows, is_grey(*attributes.colours) ? 1U : 3U, {}};
  picture.cells.resize(std::size_t{layout.rows} * picture.row_bytes());
  if (picture.samples == 1) {
    shade(cells, attributes, demand, picture.cells);
  } else if (attributes.colours == ColourModel::palette) {
    if (!paint_palette(cells, attributes, demand, picture.cells)) return std::nullopt;
  } else {
    paint_samples(cells, layout, demand, picture.cells);
    if (attributes.colours == ColourModel::ybr) ybr_to_rgb(picture.cells);
  }
  for (const Overlay& overlay : attributes.overlays) draw_overlay(overlay, frame, picture);
  return picture;
}

}  // namespace sekisho::imaging
