// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/dataset.h"
#include "imaging/pixel_layout.h"
#include "imaging/rendering/lookup_table.h"

namespace sekisho::imaging {

/// What the samples of a pixel say.
enum class ColourModel : std::uint8_t {
  white_is_least,  ///< MONOCHROME1
  black_is_least,  ///< MONOCHROME2
  palette,
  rgb,
  ybr,  ///< YBR_FULL, and YBR_FULL_422 with whole samples
};
/// Of a Photometric Interpretation (PS3.3 §C.7.6.3.1.2); `nullopt` for one that is not shown.
/// Decoders leave YBR_ICT and YBR_RCT as RGB.
std::optional<ColourModel> colour_model(std::string_view photometric);

/// VOI LUT Function (PS3.3 §C.11.2.1).
enum class WindowFunction : std::uint8_t { linear, linear_exact, sigmoid };
/// By its defined term; others count as the default, which is linear.
WindowFunction window_function(std::string_view name);
struct Window {
  double centre = 0;
  double width = 1;
  WindowFunction function = WindowFunction::linear;
};
/// Whether the function is defined for these numbers (PS3.3 §C.11.2.1.2, §C.11.2.1.3).
bool is_sound(const Window& window);

enum class PresentationShape : std::uint8_t { identity, inverse };

/// A bit plane of group 60xx that lies over the picture (PS3.3 §C.9.2).
struct Overlay {
  std::uint16_t group = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::int32_t top = 1;  ///< of its first pixel in the image, counted from 1
  std::int32_t left = 1;
  std::uint32_t frames = 1;
  std::uint32_t first_frame = 1;
  core::ByteView bits;  ///< of all frames, in order, from the lowest bit of each byte on
};

/// What a header says about how one of its frames is shown. Points into the header.
struct DisplayAttributes {
  PixelLayout layout;
  std::string_view photometric;  ///< as it stands, without padding
  std::optional<ColourModel> colours;
  /// Planar Configuration: of native pixels, which decoders change.
  enum class Planes : std::uint8_t { interleaved, separate } planes = Planes::interleaved;
  /// Pixel data in Float or Double Float Pixel Data have no stored bits (PS3.3 §C.7.6.24).
  enum class Cells : std::uint8_t { whole_numbers, floats, doubles } cells = Cells::whole_numbers;
  double slope = 1;
  double intercept = 0;
  std::optional<LookupTable> modality_table;
  std::optional<Window> window;
  std::optional<LookupTable> voi_table;
  std::optional<PresentationShape> shape;
  std::optional<LookupTable> presentation_table;  ///< of a presentation state: before the shape
  /// Stored values that are no image, both ends included (PS3.3 §C.7.5.1.1.2).
  struct Padding {
    double from = 0;
    double to = 0;
  };
  std::optional<Padding> padding;
  std::array<std::optional<LookupTable>, 3> palette;
  std::vector<Overlay> overlays;
  core::ByteView colour_profile;           ///< (0028,2000) of the image; empty: none
  std::uint32_t representative_frame = 1;  ///< (0028,6010)
  double frame_ms = 100;                   ///< how long each frame of a run is shown
};

/// Reads it from a masked header, which is sound, for the frame `frame`, counted from 0: what its
/// own functional groups say counts before what the shared ones say, and that before the rest
/// (PS3.3 §C.7.6.16). What is malformed counts as absent. `layout` is that of its pixels.
DisplayAttributes read_display_attributes(const core::dicom::Dataset& header,
                                          const PixelLayout& layout, std::uint32_t frame);

}  // namespace sekisho::imaging
