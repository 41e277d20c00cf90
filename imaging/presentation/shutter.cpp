// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/shutter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sekisho::imaging {
namespace {

/// Pixels of one row that are seen, from `begin` to before `end`.
struct Run {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};
using Runs = std::vector<Run>;

/// The pixels whose numbers, from 1, lie in this range.
Run run(double first, double last, std::uint32_t width) {
  const double most = width;
  return {static_cast<std::int64_t>(std::clamp(std::ceil(first) - 1, 0.0, most)),
          static_cast<std::int64_t>(std::clamp(std::floor(last), 0.0, most))};
}

Runs in_circle(const Shutter::Circle& circle, double row, std::uint32_t width) {
  const double height = row - circle.y;
  const double rest = circle.radius * circle.radius - height * height;
  if (rest < 0) return {};
  return {run(circle.x - std::sqrt(rest), circle.x + std::sqrt(rest), width)};
}

/// Between each pair of edges that the row crosses.
Runs in_polygon(const std::vector<Shutter::Corner>& polygon, double row, std::uint32_t width) {
  std::vector<double> crossings;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto& from = polygon[i];
    const auto& to = polygon[(i + 1) % polygon.size()];
    if ((from.y <= row) == (to.y <= row)) continue;
    crossings.push_back(from.x + (row - from.y) / (to.y - from.y) * (to.x - from.x));
  }
  std::ranges::sort(crossings);
  Runs runs;
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
    runs.push_back(run(crossings[i], crossings[i + 1], width));
  }
  return runs;
}

/// Covers in a row what is not in the runs, which ascend.
void cover(Picture& picture, std::uint32_t row, const Runs& runs, core::Byte with) {
  core::Byte* const cells = picture.cells.data() + row * picture.row_bytes();
  std::int64_t at = 0;
  const auto fill_to = [&](std::int64_t end) {
    if (end > at) std::fill(cells + at * picture.samples, cells + end * picture.samples, with);
  };
  for (const Run& each : runs) {
    if (each.end <= each.begin) continue;
    fill_to(each.begin);
    at = std::max(at, each.end);
  }
  fill_to(picture.width);
}

}  // namespace

void close(const Shutter& shutter, Picture& picture, const core::Demand& demand) {
  if (!shutter.covers_something()) return;
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    demand.ask();
    const double row = y + 1.0;
    if (const auto& rectangle = shutter.rectangle) {
      const bool is_seen = row >= rectangle->top && row <= rectangle->bottom;
      cover(picture, y,
            is_seen ? Runs{run(rectangle->left, rectangle->right, picture.width)} : Runs{},
            shutter.cover);
    }
    if (shutter.circle) {
      cover(picture, y, in_circle(*shutter.circle, row, picture.width), shutter.cover);
    }
    if (!shutter.polygon.empty()) {
      cover(picture, y, in_polygon(shutter.polygon, row, picture.width), shutter.cover);
    }
  }
}

}  // namespace sekisho::imaging
