// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/viewport.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace sekisho::imaging {
namespace {

/// From where to where in one direction; of whole pixels, at least one.
struct Stretch {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  bool is_mirrored = false;
};

std::optional<Stretch> stretch(double begin, std::optional<double> size, std::uint32_t all) {
  const double end = size ? begin + std::abs(*size) : all;
  const double first = std::clamp(std::floor(begin + 0.5), 0.0, static_cast<double>(all));
  const double last = std::clamp(std::floor(end + 0.5), 0.0, static_cast<double>(all));
  if (!(last > first)) return std::nullopt;
  return Stretch{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first),
                 size.value_or(1) < 0};
}

/// What one pixel of the result is made of: a row of pixels, each with its share.
struct Mixture {
  std::uint32_t first = 0;
  std::vector<float> shares;
};

/// Of an area that becomes smaller, all of it counts by how much of it is covered.
Mixture averaged(double begin, double end, std::uint32_t size) {
  Mixture mixture{std::min(static_cast<std::uint32_t>(begin), size - 1), {}};
  for (std::uint32_t i = mixture.first; i < size && i < end; ++i) {
    const double covered = std::min<double>(end, i + 1.0) - std::max<double>(begin, i);
    mixture.shares.push_back(static_cast<float>(std::max(covered, 0.0) / (end - begin)));
  }
  return mixture;
}

Mixture interpolated(double centre, std::uint32_t size) {
  const double place = std::clamp(centre - 0.5, 0.0, size - 1.0);
  const auto first = static_cast<std::uint32_t>(place);
  const auto second = static_cast<float>(place - first);
  if (second == 0) return {first, {1}};
  return {first, {1 - second, second}};
}

std::vector<Mixture> mixtures(const Stretch& from, std::uint32_t to) {
  std::vector<Mixture> made(to);
  const double step = static_cast<double>(from.size) / to;
  for (std::uint32_t i = 0; i < to; ++i) {
    const std::uint32_t place = from.is_mirrored ? to - 1 - i : i;
    made[place] = to < from.size ? averaged(i * step, (i + 1) * step, from.size)
                                 : interpolated((i + 0.5) * step, from.size);
    made[place].first += from.begin;
  }
  return made;
}

/// One row of the picture, as wide as the result.
void mix_row(const Picture& picture, std::uint32_t row, const std::vector<Mixture>& columns,
             std::vector<float>& out) {
  const core::Byte* const cells = picture.cells.data() + row * picture.row_bytes();
  const std::uint32_t samples = picture.samples;
  std::size_t at = 0;
  for (const Mixture& column : columns) {
    for (std::uint32_t sample = 0; sample < samples; ++sample) {
      float sum = 0;
      const core::Byte* from = cells + std::size_t{column.first} * samples + sample;
      for (const float share : column.shares) {
        sum += share * static_cast<float>(*from);
        from += samples;
      }
      out[at++] = sum;
    }
  }
}

Picture scaled(const Picture& picture, const Stretch& across, const Stretch& down,
               std::uint32_t width, std::uint32_t height, const core::Demand& demand) {
  Picture result{width, height, picture.samples, {}};
  result.cells.resize(std::size_t{height} * result.row_bytes());
  const auto columns = mixtures(across, width);
  const auto rows = mixtures(down, height);
  std::vector<float> mixed(result.row_bytes());
  std::vector<float> sum(result.row_bytes());
  for (std::uint32_t y = 0; y < height; ++y) {
    demand.ask();
    std::ranges::fill(sum, 0.0F);
    std::uint32_t row = rows[y].first;
    for (const float share : rows[y].shares) {
      mix_row(picture, row++, columns, mixed);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += share * mixed[i];
    }
    core::Byte* const out = result.cells.data() + y * result.row_bytes();
    for (std::size_t i = 0; i < sum.size(); ++i) {
      out[i] = static_cast<core::Byte>(std::min(sum[i] + 0.5F, 255.0F));
    }
  }
  return result;
}

}  // namespace

bool shows_all(const Viewport& viewport) {
  return viewport.left == 0 && viewport.top == 0 && !viewport.source_width &&
         !viewport.source_height;
}

Picture stretched(const Picture& picture, const PicturePart& part, std::uint32_t width,
                  std::uint32_t height, const core::Demand& demand) {
  return scaled(picture, {part.left, part.width, false}, {part.top, part.height, false}, width,
                height, demand);
}

std::optional<Picture> show_through(const Viewport& viewport, const Picture& picture,
                                    const core::Demand& demand) {
  const auto across = stretch(viewport.left, viewport.source_width, picture.width);
  const auto down = stretch(viewport.top, viewport.source_height, picture.height);
  if (!across || !down) return std::nullopt;
  const double area = static_cast<double>(across->size) * down->size;
  const double scale = std::min({static_cast<double>(viewport.width) / across->size,
                                 static_cast<double>(viewport.height) / down->size,
                                 std::sqrt(static_cast<double>(kMostViewportPixels) / area)});
  const auto side = [scale](std::uint32_t size, std::uint32_t most) {
    return static_cast<std::uint32_t>(std::clamp(std::floor(size * scale + 0.5), 1.0, most * 1.0));
  };
  return scaled(picture, *across, *down, side(across->size, viewport.width),
                side(down->size, viewport.height), demand);
}

}  // namespace sekisho::imaging
