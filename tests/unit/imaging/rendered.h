// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "files.h"
#include "imaging/rendering/render_frame.h"

namespace sekisho::imaging::tests {

inline Bytes words(std::initializer_list<int> numbers) {
  Bytes bytes;
  for (const int number : numbers) {
    bytes.push_back(static_cast<core::Byte>(number & 0xFF));
    bytes.push_back(static_cast<core::Byte>(number >> 8 & 0xFF));
  }
  return bytes;
}

inline DisplayAttributes attributes_of(const DatasetBuilder& builder, std::uint32_t frame = 0) {
  const CheckedFile file = checked(builder);
  const auto layout = read_pixel_layout(file);
  if (!layout) throw std::logic_error("the test's image has no layout");
  const auto& syntax = file.transfer_syntax();
  return read_display_attributes({builder.dataset(), syntax.vr, syntax.order}, *layout, frame);
}

/// The cells of the picture; none where it is no picture.
inline std::vector<int> rendered(const DatasetBuilder& builder, const Bytes& cells,
                                 std::uint32_t frame = 0) {
  const auto picture = render_frame(cells, attributes_of(builder, frame), frame);
  return picture ? std::vector<int>(picture->cells.begin(), picture->cells.end())
                 : std::vector<int>{};
}

}  // namespace sekisho::imaging::tests
