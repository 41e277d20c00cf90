// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imaging/presentation/item.h"
#include "imaging/presentation/references.h"

namespace sekisho::imaging {

/// What x and y of an annotation are counted in, from 0 at the top left: pixels of the image, or
/// parts of the displayed area.
enum class AnnotationUnits : std::uint8_t { pixels, display };

/// One figure of a graphic annotation (PS3.3 §C.10.5), of which the outline is drawn.
struct Figure {
  References of;
  AnnotationUnits units = AnnotationUnits::pixels;
  enum class Kind : std::uint8_t { point, polyline, circle, ellipse } kind = Kind::polyline;
  std::vector<double> points;  ///< x, y
};

/// One text of a graphic annotation (PS3.3 §C.10.5): in a box, or beside a place.
struct Note {
  References of;
  AnnotationUnits units = AnnotationUnits::pixels;
  std::vector<std::string> lines;  ///< UTF-8
  double left = 0, top = 0, right = 0, bottom = 0;
  /// Where the lines stand in the box; those beside a place begin there.
  enum class Side : std::uint8_t { left, centre, right } side = Side::left;
};

/// Reads those of a state, whose top level `top` is. False: more points, bytes of text, images and
/// frames, counted for each, than 100,000. What is malformed counts as absent.
bool read_annotations(const Item& top, std::vector<Figure>& figures, std::vector<Note>& notes);

}  // namespace sekisho::imaging
