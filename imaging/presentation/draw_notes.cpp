// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/draw_notes.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "imaging/rendering/lettering.h"

namespace sekisho::imaging {
namespace {

/// Left, centre or right of the box, whatever the placement made of it.
std::int64_t beginning(const Note& note, double left, double right, std::int64_t width) {
  switch (note.side) {
    case Note::Side::left:
      break;
    case Note::Side::centre:
      return std::llround((left + right - static_cast<double>(width)) / 2);
    case Note::Side::right:
      return std::llround(right) - width;
  }
  return std::llround(left);
}

void draw(const Note& note, const Placement& placement, Lettering& letters, Picture& picture,
          const core::Demand& demand) {
  const auto put = [&](double x, double y) {
    return note.units == AnnotationUnits::pixels ? placement.of_image({x, y})
                                                 : placement.of_area({x, y});
  };
  const auto one = put(note.left, note.top);
  const auto other = put(note.right, note.bottom);
  const double left = std::min(one.x, other.x);
  const double right = std::max(one.x, other.x);
  const std::uint32_t height = Lettering::height_for(picture);
  std::int64_t base = std::llround(std::min(one.y, other.y)) + height;
  for (const std::string& line : note.lines) {
    demand.ask();
    if (base > std::int64_t{picture.height} + height) return;
    const std::int64_t x = beginning(note, left, right, letters.width_of(line, height));
    letters.write(line, {x, base}, height, picture);
    base += Lettering::line_height(height);
  }
}

}  // namespace

bool draw_notes(const std::vector<const Note*>& notes, const Placement& placement, Picture& picture,
                const core::Demand& demand) {
  if (notes.empty()) return true;
  auto letters = Lettering::installed();
  if (!letters) return false;
  for (const Note* note : notes) {
    draw(*note, placement, *letters, picture, demand);
  }
  return true;
}

}  // namespace sekisho::imaging
