// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/placement.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "imaging/rendering/viewport.h"

namespace sekisho::imaging {
namespace {

std::uint32_t whole_pixels(double size) {
  return static_cast<std::uint32_t>(
      std::clamp(std::round(size), 1.0, static_cast<double>(kMostViewportSide)));
}

/// From where to where in one direction: pixels of the image, and of the picture.
struct Band {
  std::uint32_t from = 0, size = 0;
  std::uint32_t to = 0, seen = 0;
};

/// What of `all` pixels of an image lies in an area, of which `seen` pixels are made. `nullopt`:
/// nothing.
std::optional<Band> band(double begin, double area, std::uint32_t all, std::uint32_t seen) {
  const double first = std::max(begin, 0.0);
  const double last = std::min(begin + area, static_cast<double>(all));
  if (!(last > first)) return std::nullopt;
  const double scale = seen / area;
  const auto to =
      static_cast<std::uint32_t>(std::min<double>(std::round((first - begin) * scale), seen - 1.0));
  const auto end = static_cast<std::uint32_t>(
      std::clamp<double>(std::round((last - begin) * scale), to + 1.0, seen));
  return Band{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first), to,
              end - to};
}

}  // namespace

Placement::Placement(const Picture& image, const PresentationState& state,
                     const DisplayedArea* area, const std::optional<Room>& room)
    : image_width_(image.width),
      image_height_(image.height),
      quarter_turns_(state.quarter_turns % 4),
      is_mirrored_(state.is_mirrored) {
  take_area(area);
  size(area, room);
}

/// First the turn, then the mirror (PS3.3 §C.10.6).
Placement::Place Placement::turn(const Place& place) const {
  Place turned = place;
  if (quarter_turns_ == 1) turned = {image_height_ - place.y, place.x};
  if (quarter_turns_ == 2) turned = {image_width_ - place.x, image_height_ - place.y};
  if (quarter_turns_ == 3) turned = {place.y, image_width_ - place.x};
  if (is_mirrored_) {
    turned.x = (quarter_turns_ % 2 == 0 ? image_width_ : image_height_) - turned.x;
  }
  return turned;
}

/// Both corners are pixels of the image before it is turned (PS3.3 §C.10.4).
void Placement::take_area(const DisplayedArea* area) {
  Place corners[4] = {{0, 0}, {image_width_, image_height_}, {0, 0}, {image_width_, image_height_}};
  if (area != nullptr) {
    corners[0] = {area->left - 1.0, area->top - 1.0};
    corners[1] = {static_cast<double>(area->left), static_cast<double>(area->top)};
    corners[2] = {area->right - 1.0, area->bottom - 1.0};
    corners[3] = {static_cast<double>(area->right), static_cast<double>(area->bottom)};
  }
  std::ranges::transform(corners, corners, [this](const Place& each) { return turn(each); });
  const auto [left, right] = std::ranges::minmax(corners, {}, &Place::x);
  const auto [top, bottom] = std::ranges::minmax(corners, {}, &Place::y);
  left_ = left.x;
  top_ = top.y;
  area_width_ = right.x - left.x;
  area_height_ = bottom.y - top.y;
}

void Placement::size(const DisplayedArea* area, const std::optional<Room>& room) {
  const double aspect = area == nullptr ? 1 : area->aspect;
  const bool is_upright = quarter_turns_ % 2 == 0;
  double width = area_width_ * (is_upright ? 1 : aspect);
  double height = area_height_ * (is_upright ? aspect : 1);
  constexpr double kMostSide = kMostViewportSide;
  double most = std::min({kMostSide / width, kMostSide / height,
                          std::sqrt(static_cast<double>(kMostViewportPixels) / (width * height))});
  double scale = 1;
  if (area != nullptr && area->magnification) {
    // PS3.18 §9.5.1: so large, and of that what there is room for.
    scale = std::min(*area->magnification, most);
    if (room) {
      const double across = std::min(1.0, room->width / (width * scale));
      const double down = std::min(1.0, room->height / (height * scale));
      area_width_ = std::ceil(area_width_ * across);
      area_height_ = std::ceil(area_height_ * down);
      width = std::min(width, room->width / scale);
      height = std::min(height, room->height / scale);
    }
  } else {
    if (room) scale = std::min(room->width / width, room->height / height);
    scale = std::min(scale, most);
  }
  width_ = whole_pixels(width * scale);
  height_ = whole_pixels(height * scale);
}

Placement::Place Placement::of_image(const Place& place) const {
  const Place at = turn(place);
  return {(at.x - left_) * width_ / area_width_, (at.y - top_) * height_ / area_height_};
}

Placement::Place Placement::of_area(const Place& place) const {
  return {place.x * width_, place.y * height_};
}

Picture Placement::turned(const Picture& image, const core::Demand& demand) const {
  const bool is_upright = quarter_turns_ % 2 == 0;
  Picture out{is_upright ? image.width : image.height,
              is_upright ? image.height : image.width,
              image.samples,
              {}};
  out.cells.resize(image.cells.size());
  for (std::uint32_t y = 0; y < image.height; ++y) {
    demand.ask();
    const core::Byte* from = image.cells.data() + y * image.row_bytes();
    for (std::uint32_t x = 0; x < image.width; ++x, from += image.samples) {
      const Place to = turn({x + 0.5, y + 0.5});
      core::Byte* const at = out.cells.data() + static_cast<std::size_t>(to.y) * out.row_bytes() +
                             static_cast<std::size_t>(to.x) * out.samples;
      std::memcpy(at, from, image.samples);
    }
  }
  return out;
}

Picture Placement::put(const Picture& image, const core::Demand& demand) const {
  const bool is_turned = quarter_turns_ != 0 || is_mirrored_;
  const Picture turned = is_turned ? this->turned(image, demand) : image;
  Picture seen{width_, height_, image.samples, {}};
  seen.cells.resize(std::size_t{height_} * seen.row_bytes());
  const auto across = band(left_, area_width_, turned.width, width_);
  const auto down = band(top_, area_height_, turned.height, height_);
  if (!across || !down) return seen;
  const Picture part = stretched(turned, {across->from, down->from, across->size, down->size},
                                 across->seen, down->seen, demand);
  for (std::uint32_t y = 0; y < part.height; ++y) {
    std::memcpy(seen.cells.data() + (std::size_t{down->to} + y) * seen.row_bytes() +
                    std::size_t{across->to} * seen.samples,
                part.cells.data() + y * part.row_bytes(), part.row_bytes());
  }
  return seen;
}

}  // namespace sekisho::imaging
