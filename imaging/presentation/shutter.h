// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/demand.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// What of an image is not to be seen (PS3.3 §C.7.6.11), in its pixels from 1. What lies outside of
/// any of the shapes is covered.
struct Shutter {
  struct Rectangle {
    double left = 0, right = 0, top = 0, bottom = 0;  ///< the last ones that are seen
  };
  struct Circle {
    double x = 0, y = 0, radius = 0;
  };
  struct Corner {
    double x = 0, y = 0;
  };
  std::optional<Rectangle> rectangle;
  std::optional<Circle> circle;
  std::vector<Corner> polygon;                 ///< at least three, or none
  std::optional<std::uint16_t> overlay_group;  ///< whose bits are covered (PS3.3 §C.7.6.15)
  core::Byte cover = 0;                        ///< the grey that is seen there

  bool covers_something() const { return rectangle || circle || !polygon.empty(); }
};

/// Covers what the shapes of the shutter leave outside. Throws DemandOver. Pure; any thread.
void close(const Shutter& shutter, Picture& picture, const core::Demand& demand = {});

}  // namespace sekisho::imaging
