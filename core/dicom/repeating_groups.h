// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/dicom/tag.h"

namespace sekisho::core::dicom {

/// Curves and overlays repeat at even groups up to 50FE and 60FE (PS3.5 §7.6): the tag of the first
/// of them, by which dictionary and rules know all. Any other tag as it is.
constexpr Tag first_of_repeating(Tag tag) {
  const std::uint16_t family = tag.group() & 0xFF01;
  return family == 0x5000 || family == 0x6000 ? Tag{family, tag.element()} : tag;
}

/// Whether it is of a curve or an overlay.
constexpr bool is_of_repeating_group(Tag tag) {
  const std::uint16_t group = first_of_repeating(tag).group();
  return group == 0x5000 || group == 0x6000;
}

}  // namespace sekisho::core::dicom
