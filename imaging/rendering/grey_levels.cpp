// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/grey_levels.h"

#include <algorithm>
#include <cmath>

namespace sekisho::imaging {

/// A Presentation LUT Shape says what MONOCHROME1 says, and has the last word (PS3.3 §C.8.11.3.1.2,
/// §C.7.6.3.1.2).
GreyLevels::GreyLevels(const DisplayAttributes& attributes, double low, double high)
    : attributes_(attributes),
      low_(low),
      high_(high),
      is_inverse_(attributes.shape ? *attributes.shape == PresentationShape::inverse
                                   : attributes.colours == ColourModel::white_is_least) {}

double GreyLevels::modality(const DisplayAttributes& attributes, double stored) {
  if (attributes.modality_table) return attributes.modality_table->at(stored);
  return stored * attributes.slope + attributes.intercept;
}

bool GreyLevels::is_padding(double stored) const {
  const auto& padding = attributes_.padding;
  return padding && stored >= padding->from && stored <= padding->to;
}

/// 0 to 1. PS3.3 §C.11.2.1.2.1, §C.11.2.1.3.2, §C.11.2.1.3.1.
double GreyLevels::windowed(double value) const {
  const Window& window = *attributes_.window;
  switch (window.function) {
    case WindowFunction::sigmoid:
      return 1 / (1 + std::exp(-4 * (value - window.centre) / window.width));
    case WindowFunction::linear_exact:
      return (value - window.centre) / window.width + 0.5;
    case WindowFunction::linear:
      // One wide: all below is black, all else is white.
      if (window.width <= 1) return value <= window.centre - 0.5 ? 0 : 1;
      return (value - (window.centre - 0.5)) / (window.width - 1) + 0.5;
  }
  return 0;
}

/// 0 to 1. Of a window and a table, which are two views of one image (PS3.3 §C.11.2), the window.
double GreyLevels::voi(double value) const {
  if (attributes_.window) return windowed(value);
  if (const auto& table = attributes_.voi_table) {
    return static_cast<double>(table->at(value)) / table->most();
  }
  return high_ > low_ ? (value - low_) / (high_ - low_) : 0;
}

core::Byte GreyLevels::of(double stored) const {
  constexpr double kWhite = 255;
  // No image is there, whatever its number would be (PS3.3 §C.7.5.1.1.2).
  if (is_padding(stored)) return 0;
  double light = voi(modality(attributes_, stored));
  light = light > 0 ? std::min(light, 1.0) : 0;  // not a number is black
  if (const auto& table = attributes_.presentation_table) {
    // PS3.3 §C.11.6.1: its entries stand for the whole range of what comes before.
    light = static_cast<double>(table->at_part(light)) / table->most();
  }
  if (is_inverse_) light = 1 - light;
  return static_cast<core::Byte>(std::lround(light * kWhite));
}

}  // namespace sekisho::imaging
