// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "imaging/rendering/display_attributes.h"

namespace sekisho::imaging {

/// How a stored value becomes light: modality, VOI and presentation transformation, one after
/// another (PS3.4 §N.2). Refers to the attributes. Immutable; any thread.
class GreyLevels {
 public:
  /// `low` and `high` are the least and the greatest value of the frame behind the modality
  /// transformation: what is shown of a frame of which nothing says what to show.
  GreyLevels(const DisplayAttributes& attributes, double low, double high);

  /// Rescale Slope and Intercept, or the Modality LUT (PS3.3 §C.11.1).
  static double modality(const DisplayAttributes& attributes, double stored);
  core::Byte of(double stored) const;

 private:
  bool is_padding(double stored) const;
  double voi(double value) const;
  double windowed(double value) const;

  const DisplayAttributes& attributes_;
  double low_;
  double high_;
  bool is_inverse_;
};

}  // namespace sekisho::imaging
