// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/draw_figures.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

namespace sekisho::imaging {
namespace {

using Place = Placement::Place;
using Line = std::vector<Place>;

/// Pixels that one drawing may touch: some hundred times around the largest picture.
constexpr std::uint64_t kMostSteps = 16ULL << 20;
constexpr int kCorners = 180;  // of what stands for a curve

/// What of a stretch lies within `margin` of the picture (Liang and Barsky).
std::optional<std::pair<Place, Place>> clipped(const Place& from, const Place& to,
                                               const Picture& picture) {
  constexpr double kMargin = 2;
  double begin = 0;
  double end = 1;
  const double across = to.x - from.x;
  const double down = to.y - from.y;
  const auto cut = [&](double towards, double distance) {
    if (towards == 0) return distance >= 0;
    const double at = distance / towards;
    if (towards < 0) begin = std::max(begin, at);
    if (towards > 0) end = std::min(end, at);
    return begin <= end;
  };
  if (!cut(-across, from.x + kMargin) || !cut(across, picture.width + kMargin - from.x) ||
      !cut(-down, from.y + kMargin) || !cut(down, picture.height + kMargin - from.y)) {
    return std::nullopt;
  }
  return std::pair{Place{from.x + begin * across, from.y + begin * down},
                   Place{from.x + end * across, from.y + end * down}};
}

/// Draws lines of one level and width.
class Pen {
 public:
  Pen(Picture& picture, core::Byte level, std::int64_t radius)
      : picture_(picture), level_(level), radius_(radius) {}

  /// False: enough has been drawn.
  bool draw(const Line& line) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      const auto seen = clipped(line[i], line[i + 1], picture_);
      if (seen && !stroke(seen->first, seen->second)) return false;
    }
    return true;
  }

 private:
  bool stroke(const Place& from, const Place& to) {
    const double across = to.x - from.x;
    const double down = to.y - from.y;
    const auto steps =
        static_cast<std::uint64_t>(std::ceil(std::max(std::abs(across), std::abs(down)))) + 1;
    taken_ += steps;
    if (taken_ > kMostSteps) return false;
    for (std::uint64_t i = 0; i <= steps; ++i) {
      const double part = static_cast<double>(i) / static_cast<double>(steps);
      dot({from.x + part * across, from.y + part * down});
    }
    return true;
  }

  void dot(const Place& place) {
    const auto x = static_cast<std::int64_t>(std::floor(place.x));
    const auto y = static_cast<std::int64_t>(std::floor(place.y));
    const std::int64_t left = std::max<std::int64_t>(x - radius_, 0);
    const std::int64_t right = std::min<std::int64_t>(x + radius_ + 1, picture_.width);
    const std::int64_t bottom = std::min<std::int64_t>(y + radius_ + 1, picture_.height);
    for (std::int64_t row = std::max<std::int64_t>(y - radius_, 0); row < bottom; ++row) {
      core::Byte* const cells =
          picture_.cells.data() + static_cast<std::size_t>(row) * picture_.row_bytes();
      if (right > left) {
        std::fill(cells + left * picture_.samples, cells + right * picture_.samples, level_);
      }
    }
  }

  Picture& picture_;
  core::Byte level_;
  std::int64_t radius_;
  std::uint64_t taken_ = 0;
};

/// The points of an ellipse around `centre` between two half axes.
Line curve(const Place& centre, const Place& one, const Place& other) {
  Line points;
  for (int i = 0; i <= kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners;
    const double along = std::cos(angle);
    const double beside = std::sin(angle);
    points.push_back(
        {centre.x + along * one.x + beside * other.x, centre.y + along * one.y + beside * other.y});
  }
  return points;
}

/// The outline, where the points of the figure are counted (PS3.3 §C.10.5.1.2).
Line outline(const Figure& figure) {
  const auto& at = figure.points;
  switch (figure.kind) {
    case Figure::Kind::circle: {
      const double radius = std::hypot(at[2] - at[0], at[3] - at[1]);
      return curve({at[0], at[1]}, {radius, 0}, {0, radius});
    }
    case Figure::Kind::ellipse:
      return curve({(at[0] + at[2]) / 2, (at[1] + at[3]) / 2},
                   {(at[2] - at[0]) / 2, (at[3] - at[1]) / 2},
                   {(at[6] - at[4]) / 2, (at[7] - at[5]) / 2});
    case Figure::Kind::point:
    case Figure::Kind::polyline:
      break;
  }
  Line points;
  for (std::size_t i = 0; i + 1 < at.size(); i += 2) points.push_back({at[i], at[i + 1]});
  return points;
}

/// A point is seen as a cross.
std::vector<Line> lines_of(const Figure& figure, const Placement& placement) {
  constexpr double kArm = 4;
  Line line = outline(figure);
  std::ranges::transform(line, line.begin(), [&](const Place& each) {
    return figure.units == AnnotationUnits::pixels ? placement.of_image(each)
                                                   : placement.of_area(each);
  });
  if (figure.kind != Figure::Kind::point) return {std::move(line)};
  const Place at = line.front();
  return {{{at.x - kArm, at.y}, {at.x + kArm, at.y}}, {{at.x, at.y - kArm}, {at.x, at.y + kArm}}};
}

}  // namespace

bool draw_figures(const std::vector<const Figure*>& figures, const Placement& placement,
                  Picture& picture, const core::Demand& demand) {
  for (Pen pen : {Pen(picture, 0, 1), Pen(picture, 255, 0)}) {
    for (const Figure* figure : figures) {
      demand.ask();
      for (const Line& line : lines_of(*figure, placement)) {
        if (!pen.draw(line)) return false;
      }
    }
  }
  return true;
}

}  // namespace sekisho::imaging
