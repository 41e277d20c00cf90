// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace sekisho::anonymization {

/// Pixels of every frame, counted from the top left one.
struct Rectangle {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  friend bool operator==(const Rectangle&, const Rectangle&) = default;
};

/// Everything of a `columns` × `rows` image that none of `kept` covers, in rectangles that do not
/// overlap. Parts of `kept` outside the image are ignored.
std::vector<Rectangle> all_but(const std::vector<Rectangle>& kept, std::uint32_t columns,
                               std::uint32_t rows);

}  // namespace sekisho::anonymization
