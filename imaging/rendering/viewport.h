// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/demand.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// Which part of a picture is shown and how large (PS3.18 §8.3.5.1.3).
struct Viewport {
  std::uint32_t width = 0;  ///< of what is made, at most
  std::uint32_t height = 0;
  /// Of the picture, in its pixels; without a size: all from the corner on. A negative size
  /// mirrors.
  double left = 0;
  double top = 0;
  std::optional<double> source_width = {};
  std::optional<double> source_height = {};
};

/// Whether it shows the whole picture, and not mirrored.
bool shows_all(const Viewport& viewport);

/// More than this in one direction nobody may ask for, and more in all nobody gets.
inline constexpr std::uint32_t kMostViewportSide = 16384;
inline constexpr std::uint64_t kMostViewportPixels = 16ULL << 20;

/// The part of the picture, as large as the viewport and kMostViewportPixels let it be without a
/// change of its shape.
/// Areas are averaged where it becomes smaller, points are interpolated where it becomes larger.
/// `nullopt`: nothing of the picture lies there. Throws DemandOver. Pure; any thread.
std::optional<Picture> show_through(const Viewport& viewport, const Picture& picture,
                                    const core::Demand& demand = {});

/// Pixels of a picture that lie in it.
struct PicturePart {
  std::uint32_t left = 0;
  std::uint32_t top = 0;
  std::uint32_t width = 1;
  std::uint32_t height = 1;
};
/// The part, made just so large. Throws DemandOver. Pure; any thread.
Picture stretched(const Picture& picture, const PicturePart& part, std::uint32_t width,
                  std::uint32_t height, const core::Demand& demand = {});

}  // namespace sekisho::imaging
