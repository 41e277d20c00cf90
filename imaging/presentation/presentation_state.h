// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dicom/dataset.h"
#include "imaging/presentation/annotations.h"
#include "imaging/presentation/references.h"
#include "imaging/presentation/shutter.h"
#include "imaging/rendering/display_attributes.h"

namespace sekisho::imaging {

/// What the displayed area is (PS3.3 §C.10.4), in pixels of the image from 1.
struct DisplayedArea {
  References of;
  std::int32_t left = 1, top = 1;       ///< the pixel that is seen at the top left
  std::int32_t right = 1, bottom = 1;   ///< the one at the bottom right
  std::optional<double> magnification;  ///< of MAGNIFY; else as large as there is room
  double aspect = 1;                    ///< height of a pixel by its width
};

/// Softcopy VOI LUT (PS3.3 §C.11.8).
struct SoftcopyVoi {
  References of;
  std::optional<Window> window;
  std::optional<LookupTable> table;
};

/// How somebody wants images to be seen: a Grayscale, Color or Pseudo-Color Softcopy Presentation
/// State (PS3.3 §A.33), a value but for what points into its header.
struct PresentationState {
  enum class Kind : std::uint8_t { grey, colour, pseudo_colour } kind = Kind::grey;
  std::vector<ImageReference> images;  ///< in order; never empty
  DisplayAttributes display;           ///< modality table, shape, palette and overlays of the state
  std::vector<SoftcopyVoi> voi;
  std::optional<LookupTable> presentation_table;
  std::uint32_t quarter_turns = 0;  ///< clockwise, and then
  bool is_mirrored = false;         ///< left and right are changed
  std::vector<DisplayedArea> areas;
  Shutter shutter;
  std::vector<std::uint16_t> shown_overlays;  ///< their groups
  std::vector<Figure> figures;
  std::vector<Note> notes;

  /// The area of a frame; null where the state names none: all of it is seen.
  const DisplayedArea* area_of(std::string_view instance, std::uint32_t frame) const;
};

/// Whether it is one of the three.
bool is_presentation_state(std::string_view sop_class);

/// Reads a masked header, which is sound and outlives it. `nullopt`: another class, no image in it,
/// or something in it that would be seen and that we do not do: a subtraction of masks, more
/// than 65,536 elements, or annotations that read_annotations() does not take. What is malformed
/// counts as absent.
std::optional<PresentationState> read_presentation_state(const core::dicom::Dataset& header);

}  // namespace sekisho::imaging
