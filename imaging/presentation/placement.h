// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/demand.h"
#include "imaging/presentation/presentation_state.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// How large a picture may become.
struct Room {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// Where a presentation state puts the pixels of an image: turned, mirrored, the displayed area of
/// them, as large as there is room (PS3.3 §C.10.4, §C.10.6). A value; any thread.
class Placement {
 public:
  /// `area` may be null: all of it. Without room pixels are as large as those of the image, and as
  /// large as the magnification says, up to kMostViewportPixels and kMostViewportSide.
  Placement(const Picture& image, const PresentationState& state, const DisplayedArea* area,
            const std::optional<Room>& room);

  struct Place {
    double x = 0;
    double y = 0;
  };
  /// Where a place in the image, counted from 0 at its top left corner, is put.
  Place of_image(const Place& place) const;
  /// Of a place in the displayed area, whose width and height are 1.
  Place of_area(const Place& place) const;

  /// Of the picture.
  std::uint64_t pixels() const { return std::uint64_t{width_} * height_; }

  /// What is seen; black where the area is no image. `image` is of the same size as the other one.
  Picture put(const Picture& image, const core::Demand& demand) const;

 private:
  Place turn(const Place& place) const;
  void take_area(const DisplayedArea* area);
  void size(const DisplayedArea* area, const std::optional<Room>& room);
  Picture turned(const Picture& image, const core::Demand& demand) const;

  double image_width_;
  double image_height_;
  std::uint32_t quarter_turns_;
  bool is_mirrored_;
  // Of the turned image: the displayed area.
  double left_ = 0, top_ = 0, area_width_ = 1, area_height_ = 1;
  std::uint32_t width_ = 1, height_ = 1;  ///< of the picture
};

}  // namespace sekisho::imaging
